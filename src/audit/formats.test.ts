import { expect, test } from "vitest";
import type { DailyReport } from "../contract/report.ts";
import { dailyMarkdown } from "./daily.ts";

const daily: DailyReport = {
  ...{ kind: "daily", project: "shop", environment: "production", date: "2026-03-01", zone: "UTC" },
  at: "2026-03-01T08:00:00.000Z",
  deployments: {
    ...{ today: 3, failedToday: 1, uptime: 0.99954, p95Ms: 182.4 },
    versions: [
      { service: "api", release: "r12" },
      { service: "job", release: null },
    ],
  },
  resources: {
    ...{ cpuPercent: 41.5, memoryBytes: 1.5 * 1024 ** 3, redis: [{ name: "cache", memoryBytes: 3 * 1024 ** 2 }] },
    databases: [{ name: "orders", connections: 12, most: 100 }],
  },
  alerts: [{ id: "inc-1", severity: "SEV2", service: "api", symptom: "answers 500 @all", state: "open" }],
  maintenance: [{ what: "new disks", when: "2026-03-02 01:00 until 2026-03-02 02:00 UTC" }],
};

test("the daily report has the lines that people and programs know", () => {
  expect(dailyMarkdown(daily)).toBe(`## Infrastructure Status - 2026-03-01

### Deployment Metrics
- **Deployments today:** 3 (1 failed)
- **Version:** api r12, job not deployed
- **Uptime (24 h):** 99.954 %
- **p95 (24 h):** 182 ms

### Resource Usage
- **CPU:** 41.5 %
- **Memory:** 1.5 GiB
- **Database connections:** 12/100
- **Redis memory:** 3 MiB

### Alerts
- SEV2 api: answers 500 @\u200ball (inc-1, open)

### Planned Maintenance
- 2026-03-02 01:00 until 2026-03-02 02:00 UTC: new disks`);
});

test("several stores are told apart, and what nobody measured says so", () => {
  const resources = {
    ...{ cpuPercent: null, memoryBytes: null, redis: [] },
    databases: ["orders", "users"].map((name) => ({ name, connections: 7, most: 100 })),
  };
  const text = dailyMarkdown({ ...daily, resources, alerts: [], maintenance: [] });
  expect(text).toContain("- **CPU:** not measured\n- **Memory:** not measured\n");
  expect(text).toContain("- **Database connections:** 7/100 (orders), 7/100 (users)\n- **Redis memory:** not measured");
  expect(text).toContain("### Alerts\nnone\n\n### Planned Maintenance\nnone");
});
