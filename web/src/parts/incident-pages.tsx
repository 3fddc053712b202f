import { Link } from "../router.tsx";

const PAGES = [
  { label: "Incidents", href: "/incidents" },
  { label: "Silences", href: "/silences" },
  { label: "Notifications", href: "/notifications" },
  { label: "Reports", href: "/reports" },
] as const;

/** The pages about incidents and whom they reach. */
export function IncidentPages({ current }: { current: (typeof PAGES)[number]["href"] }) {
  return (
    <nav className="tabs" aria-label="About incidents">
      {PAGES.map(({ label, href }) => (
        <Link key={href} className="page-link" href={href} aria-current={href === current ? "page" : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
