import type { ReportQuery } from "../../src/contract/report.ts";
import { Severity } from "../../src/contract/severity.ts";
import { type CheckFilter, checkFilter, checksPath } from "./view/check-filter.ts";
import { reportOf, reportPath } from "./view/reports.ts";

/** Which incidents are listed; null where it does not matter. */
export interface IncidentFilter {
  state: "open" | "review" | "all";
  severity: Severity | null;
  service: string | null;
}

export type Route =
  | { page: "checks"; filter: CheckFilter }
  | { page: "check"; id: string }
  | { page: "slo" }
  | { page: "overview" }
  | { page: "service"; name: string }
  | { page: "rollouts" }
  | { page: "rollout"; id: string }
  | ({ page: "incidents" } & IncidentFilter)
  | { page: "incident"; id: string }
  | { page: "silences" }
  | { page: "notifications" }
  | { page: "reports"; report: ReportQuery }
  | { page: "releases" }
  | { page: "environment" }
  | { page: "previews" }
  | { page: "migrations" }
  | { page: "repository" }
  | { page: "audit" }
  | { page: "doctor" }
  | { page: "missing" };

/** Reads a path with its query, e.g. `/rollouts/ro-1` or `/incidents?state=all`. */
export function routeOf(path: string): Route {
  const [pathname = "/", query = ""] = path.split("?");
  const [head, id, ...rest] = pathname.split("/").filter(Boolean).map(decode);
  if (rest.length > 0) return { page: "missing" };
  if (head === undefined) return { page: "overview" };
  if (head === "services" && id) return { page: "service", name: id };
  if (head === "rollouts") return id ? { page: "rollout", id } : { page: "rollouts" };
  if (head === "incidents" && id) return { page: "incident", id };
  if (head === "incidents") return { page: "incidents", ...incidentFilter(new URLSearchParams(query)) };
  if (head === "checks") return id ? { page: "check", id } : { page: "checks", filter: checkFilter(query) };
  if (head === "slo" && !id) return { page: "slo" };
  if (head === "silences" && !id) return { page: "silences" };
  if (head === "notifications" && !id) return { page: "notifications" };
  if (head === "reports" && !id) return { page: "reports", report: reportOf(new URLSearchParams(query)) };
  if (head === "releases" && !id) return { page: "releases" };
  if (head === "environment" && !id) return { page: "environment" };
  if (head === "previews" && !id) return { page: "previews" };
  if (head === "migrations" && !id) return { page: "migrations" };
  if (head === "repository" && !id) return { page: "repository" };
  if (head === "audit" && !id) return { page: "audit" };
  if (head === "doctor" && !id) return { page: "doctor" };
  return { page: "missing" };
}

const STATES: readonly IncidentFilter["state"][] = ["open", "review", "all"];

function incidentFilter(query: URLSearchParams): IncidentFilter {
  return {
    state: STATES.find((state) => state === query.get("state")) ?? "open",
    severity: Severity.safeParse(query.get("severity")).data ?? null,
    service: query.get("service"),
  };
}

function incidentsPath({ state, severity, service }: IncidentFilter): string {
  const query = new URLSearchParams({
    ...(state !== "open" && { state }),
    ...(severity && { severity }),
    ...(service !== null && { service }),
  });
  return query.size > 0 ? `/incidents?${query}` : "/incidents";
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const to = {
  environment: "/environment",
  check: (id: string) => `/checks/${encodeURIComponent(id)}`,
  checks: checksPath,
  service: (name: string) => `/services/${encodeURIComponent(name)}`,
  rollout: (id: string) => `/rollouts/${encodeURIComponent(id)}`,
  incidents: incidentsPath,
  report: reportPath,
  incident: (id: string) => `/incidents/${encodeURIComponent(id)}`,
};
