import type { ActionItem, Report, StoredReport } from "../../src/contract/report.ts";
import { before } from "./fixtures.ts";

const DAY = 24 * 3_600_000;
const HEALED = { actions: 9, verified: 7, held: 6, failed: 2, declined: 1, undone: 0, success: 0.667, regret: 0.1 };

export function actionItems(): ActionItem[] {
  const base = { incident: "inc-5", createdBy: "cli:dana", createdAt: before(3 * DAY), doneBy: null, doneAt: null };
  return [
    {
      ...{ ...base, id: "ai-1", text: "raise the size of the pool", owner: "dana", due: before(DAY).slice(0, 10) },
      issue: { number: 12, url: "https://github.com/acme/shop/issues/12" },
    },
    { ...base, id: "ai-2", text: "alert on waiting connections", owner: "ada", due: before(-9 * DAY).slice(0, 10) },
  ];
}

export function storedReports(): StoredReport[] {
  const issue = { number: 17, url: "https://github.com/acme/shop/issues/17" };
  return [
    { kind: "daily", period: before(0).slice(0, 10), madeAt: before(3_600_000) },
    { kind: "audit", period: "2026-W47", madeAt: before(DAY), issue },
    { kind: "audit", period: "2026-W46", madeAt: before(8 * DAY) },
  ];
}

export function dailyReport(): Report {
  const day = before(0).slice(0, 10);
  return {
    markdown: [
      `## Infrastructure Status - ${day}`,
      ...["", "### Deployment Metrics", "- **Deployments today:** 2 (1 failed)", "- **Uptime (24 h):** 99.962 %"],
      ...["", "### Resource Usage", "- **CPU:** 3.4 %", "- **Redis memory:** not measured"],
      ...["", "### Alerts", "- SEV2 web: <img src=x onerror=alert(1)> answers too slowly (inc-7, healing)"],
      ...["", "### Planned Maintenance", "none", ""],
    ].join("\n"),
    data: {
      ...{ kind: "daily", project: "shop", environment: "local", date: day, zone: "UTC", at: before(0) },
      deployments: { today: 2, failedToday: 1, versions: [], uptime: 0.99962, p95Ms: 88 },
      resources: { cpuPercent: 3.4, memoryBytes: 239_000_000, databases: [], redis: [] },
      ...{ alerts: [], maintenance: [] },
    },
  };
}

export function healingReport(days: number): Report {
  const row = "| all | 9 | 7 | 6 | 2 | 1 | 0 | 66.7 % | 10 % |";
  return {
    markdown: [
      `## Healing - last ${days} days`,
      "",
      "| | actions | verified | held | failed | declined | undone | success | regret |",
      "|---|---|---|---|---|---|---|---|---|",
      ...[row, row.replace("all", "step 2: restart")],
    ].join("\n"),
    data: { kind: "healing", days, figures: { since: before(days * DAY), total: HEALED, steps: [], classes: [] } },
  };
}

/** Of the week named, or of the last 7 days. */
export function auditReport(week = "2026-W47"): Report {
  const none = { ms: null, n: 0 };
  return {
    markdown: `## Monitoring Audit - ${week}\n\n### Alerting\n- **Precision:** 83 % (5 of 6)\n- **MTTR:** 4 min 20 s (n = 6)\n`,
    data: {
      ...{ kind: "audit", project: "shop", environment: "local", week, at: before(0) },
      ...{ from: before(7 * DAY), until: before(0), incidents: { all: 6, acted: 5, precision: 0.83 }, noisiest: [] },
      ...{ detect: none, acknowledge: none, restore: { ms: 260_000, n: 6 }, healing: HEALED, neverFailed: [] },
      ...{
        unwatched: { services: [], routes: [] },
        unknown: { share: 0.002, worst: [] },
        silences: [],
        actionItems: [],
      },
      ...{
        canaries: [],
        certificates: [],
        drills: [],
        channels: [],
        logs: [],
        storeBytes: 91_000_000,
        latenessP99Ms: 12,
      },
      unmeasured: [{ what: "dashboards", why: "there is no address of them in the manifest" }],
      changes: [
        { what: "incidents", before: 4, now: 6 },
        { what: "MTTR (s)", before: 310.5, now: 260 },
        { what: "store size (MiB)", before: null, now: 91 },
      ],
    },
  };
}

export function incidentReport(id: string): Report {
  return {
    markdown: `## Incident Report - ${id}\n\n### Impact\n- **Users:** not known\n- **Actions:**\n  - restart: failed\n`,
    data: {
      ...{ kind: "incident", id, detection: { at: before(0), method: "check web.health", severity: "SEV2" } },
      impact: { services: ["web"], users: null, durationMs: 240_000, over: false },
      resolution: { actions: ["restart: failed"], rootCause: null, prevention: [] },
    },
  };
}
