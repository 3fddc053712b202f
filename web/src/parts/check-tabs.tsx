import { Link } from "../router.tsx";

/** Leads from the checks to what is promised of them. */
export function CheckTabs({ current }: { current: "checks" | "slo" }) {
  return (
    <nav className="tabs" aria-label="Checks and objectives">
      <Link className="page-link" href="/checks" aria-current={current === "checks" ? "page" : undefined}>
        All checks
      </Link>
      <Link className="page-link" href="/slo" aria-current={current === "slo" ? "page" : undefined}>
        Objectives
      </Link>
    </nav>
  );
}
