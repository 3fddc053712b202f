import { useEffect, useRef } from "react";
import { connection, useLive } from "./api/live.ts";
import { useStatus } from "./api/queries.ts";
import { tokenWanted } from "./api/session.ts";
import { AuditPage } from "./pages/audit.tsx";
import { CheckPage } from "./pages/check.tsx";
import { ChecksPage } from "./pages/checks.tsx";
import { DoctorPage } from "./pages/doctor.tsx";
import { EnvironmentPage } from "./pages/environment.tsx";
import { IncidentPage } from "./pages/incident.tsx";
import { IncidentsPage } from "./pages/incidents.tsx";
import { MigrationsPage } from "./pages/migrations.tsx";
import { MissingPage } from "./pages/missing.tsx";
import { NotificationsPage } from "./pages/notifications.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { PreviewsPage } from "./pages/previews.tsx";
import { ReleasesPage } from "./pages/releases.tsx";
import { ReportsPage } from "./pages/reports.tsx";
import { RepositoryPage } from "./pages/repository.tsx";
import { RolloutPage } from "./pages/rollout.tsx";
import { RolloutsPage } from "./pages/rollouts.tsx";
import { ServicePage } from "./pages/service.tsx";
import { SilencesPage } from "./pages/silences.tsx";
import { SloPage } from "./pages/slo.tsx";
import { ConnectionBanner } from "./parts/connection-banner.tsx";
import { Header } from "./parts/header.tsx";
import { SignIn } from "./parts/sign-in.tsx";
import { usePath } from "./router.tsx";
import type { Route } from "./routes.ts";
import { routeOf } from "./routes.ts";
import { useStore } from "./store.ts";

export function App() {
  return useStore(tokenWanted) ? <SignIn /> : <Dashboard />;
}

function Dashboard() {
  useLive();
  const path = usePath();
  const route = routeOf(path);
  const status = useStatus();
  const stale = useStore(connection).since !== null;
  const main = useRef<HTMLElement>(null);
  const [pathname] = path.split("?");
  const shown = useRef(pathname);

  // After a change of page, reading and tabbing go on at its beginning.
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Header route={route} status={status.data} />
      <ConnectionBanner />
      <main id="main" ref={main} tabIndex={-1} className={stale ? "stale" : undefined}>
        <Page route={route} />
      </main>
    </>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "overview":
      return <OverviewPage />;
    case "service":
      return <ServicePage name={route.name} />;
    case "rollouts":
      return <RolloutsPage />;
    case "rollout":
      return <RolloutPage key={route.id} id={route.id} />;
    case "incidents":
      return <IncidentsPage filter={route} />;
    case "incident":
      return <IncidentPage key={route.id} id={route.id} />;
    case "silences":
      return <SilencesPage />;
    case "notifications":
      return <NotificationsPage />;
    case "reports":
      return <ReportsPage report={route.report} />;
    case "checks":
      return <ChecksPage filter={route.filter} />;
    case "check":
      return <CheckPage key={route.id} id={route.id} />;
    case "slo":
      return <SloPage />;
    case "releases":
      return <ReleasesPage />;
    case "environment":
      return <EnvironmentPage />;
    case "previews":
      return <PreviewsPage />;
    case "migrations":
      return <MigrationsPage />;
    case "repository":
      return <RepositoryPage />;
    case "audit":
      return <AuditPage />;
    case "doctor":
      return <DoctorPage />;
    case "missing":
      return <MissingPage />;
  }
}
