import { AuditReport } from "../contract/report.ts";

const FROM = "2026-02-22T06:00:00.000Z";
const UNTIL = "2026-03-01T06:00:00.000Z";
const MEAN = { ms: null, n: 0 };

/** An audit of a quiet week. */
export function auditFixture(change: Partial<AuditReport> = {}): AuditReport {
  return AuditReport.parse({
    ...{
      kind: "audit",
      project: "shop",
      environment: "production",
      week: "2026-W09",
      from: FROM,
      until: UNTIL,
      at: UNTIL,
    },
    ...{
      incidents: { all: 0, acted: 0, precision: null },
      noisiest: [],
      detect: MEAN,
      acknowledge: MEAN,
      restore: MEAN,
    },
    healing: { actions: 0, verified: 0, held: 0, failed: 0, declined: 0, undone: 0, success: null, regret: null },
    neverFailed: [{ check: "staging/api/health", since: FROM }],
    ...{ unwatched: { services: [], routes: [] }, unknown: { share: 0, worst: [] }, silences: [], actionItems: [] },
    ...{ canaries: [], certificates: [], drills: [], channels: [], logs: [], storeBytes: 1, latenessP99Ms: 3 },
    ...{ unmeasured: [], changes: null },
    ...change,
  });
}
