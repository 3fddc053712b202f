import type { AuditReport } from "../../contract/report.ts";
import type { SeenCheck } from "./sources.ts";

const DEADLINE_MS = 5_000;
const NO_DAEMON = "no daemon runs";

type Looked<K extends "health" | "dashboards"> = Pick<AuditReport, K | "unmeasured">;

/** How many checks there are, and which of them do not pass at this moment. */
export function lookAtHealth(checks: readonly SeenCheck[]): Looked<"health"> {
  const watched = checks.filter(({ verdict }) => verdict !== undefined);
  if (watched.length === 0) return { unmeasured: [{ what: "health endpoints", why: NO_DAEMON }] };
  const notUp = watched.flatMap(({ id, verdict = "UNKNOWN" }) => (verdict === "UP" ? [] : [{ check: id, verdict }]));
  return { health: { checks: watched.length, notUp }, unmeasured: [] };
}

/** Whether the built-in dashboard opens; `url`: where it is, null without a daemon. */
export async function lookAtDashboards(url: string | null): Promise<Looked<"dashboards">> {
  if (url === null) return { unmeasured: [{ what: "dashboards", why: NO_DAEMON }] };
  const problem = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS), redirect: "manual" }).then(
    async (response) => {
      await response.body?.cancel();
      const isPage = response.headers.get("content-type")?.startsWith("text/html") ?? false;
      return response.ok && isPage ? null : `answered ${response.status}${isPage ? "" : " without a page"}`;
    },
    () => "did not answer",
  );
  return { dashboards: [{ name: "built-in", url, problem }], unmeasured: [] };
}
