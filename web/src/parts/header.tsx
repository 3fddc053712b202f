import type { Status } from "../../../src/contract/status.ts";
import { signOut, token } from "../api/session.ts";
import { Link } from "../router.tsx";
import type { Route } from "../routes.ts";
import { useStore } from "../store.ts";
import { cycleTheme, theme } from "../theme.ts";
import { incidentNews } from "../view/incident-news.ts";

const PAGES: readonly { label: string; href: string; routes: readonly Route["page"][] }[] = [
  { label: "Overview", href: "/", routes: ["overview", "service"] },
  { label: "Rollouts", href: "/rollouts", routes: ["rollouts", "rollout"] },
  { label: "Incidents", href: "/incidents", routes: ["incidents", "incident", "silences", "notifications", "reports"] },
  { label: "Checks", href: "/checks", routes: ["checks", "check", "slo"] },
  { label: "Releases", href: "/releases", routes: ["releases"] },
  { label: "Environment", href: "/environment", routes: ["environment"] },
  { label: "Migrations", href: "/migrations", routes: ["migrations"] },
  { label: "Previews", href: "/previews", routes: ["previews"] },
  { label: "Repository", href: "/repository", routes: ["repository"] },
  { label: "Audit", href: "/audit", routes: ["audit"] },
  { label: "Doctor", href: "/doctor", routes: ["doctor"] },
];

export function Header({ route, status }: { route: Route; status: Status | undefined }) {
  const chosen = useStore(theme);
  const signedIn = useStore(token) !== null;
  const { open } = incidentNews(status?.incidents ?? []);
  return (
    <header className="header">
      <div className="header-inner">
        <div>
          <Link href="/" className="brand">
            <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
              <path d="M1 12h22" />
              <circle cx="12" cy="12" r="5" />
            </svg>
            Stationmaster
          </Link>
          {status && (
            <div className="where" title={`${status.project} / ${status.environment}`}>
              {status.project} <span aria-hidden="true">/</span> {status.environment}
            </div>
          )}
        </div>
        <nav aria-label="Pages">
          {PAGES.map((page) => (
            <Link
              key={page.href}
              className="page-link"
              href={page.href}
              aria-current={page.routes.includes(route.page) ? "page" : undefined}
            >
              {page.label}
              {page.href === "/incidents" && open.length > 0 && (
                <span className="count" data-tone={open.every(({ state }) => state === "monitoring") ? "warn" : "bad"}>
                  {open.length}
                  <span className="hidden"> open</span>
                </span>
              )}
            </Link>
          ))}
        </nav>
        <div className="header-tools">
          {signedIn && (
            <button type="button" className="button small" onClick={signOut}>
              Sign out
            </button>
          )}
          <button
            type="button"
            className="button small"
            onClick={cycleTheme}
            title="Change between auto, light and dark"
          >
            Theme: {chosen}
          </button>
        </div>
      </div>
    </header>
  );
}
