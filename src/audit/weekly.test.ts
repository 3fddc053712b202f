import { expect, test } from "vitest";
import type { AuditReport } from "../contract/report.ts";
import { changesSince } from "./compare.ts";
import { endsSoon, horizonText } from "./horizon.ts";
import { auditFixture } from "./testing.ts";
import { auditMarkdown } from "./weekly.ts";

const AT = "2026-03-01T06:00:00.000Z";
const drill = {
  ...{ id: "drill-1", check: "web/health", type: "http", actor: "ada", at: "2026-02-27T10:00:00.000Z" },
  ...{ outcome: "paged" as const, detectMs: 13_000, pageMs: 900, channel: "ops" },
};
const audit = auditFixture({
  incidents: { all: 4, acted: 3, precision: 0.75 },
  noisiest: [{ key: "k1", service: "api", symptom: "answers 500", incidents: 2, messages: 6 }],
  ...{ detect: { ms: 42_000, n: 4 }, acknowledge: { ms: 120_000, n: 1 }, restore: { ms: 300_000, n: 4 } },
  healing: { actions: 4, verified: 3, held: 3, failed: 1, declined: 1, undone: 0, success: 0.75, regret: 0.25 },
  health: { checks: 9, notUp: [{ check: "production/api/health", verdict: "DOWN" }] },
  neverFailed: [{ check: "production/web/health", since: "2025-12-01T00:00:00.000Z" }],
  unwatched: { services: ["job"], routes: ["web"] },
  unknown: { share: 0.012, worst: [{ check: "production/check/dns", share: 0.4 }] },
  silences: [{ id: "sil-1", author: "bob", reason: "new disks", from: "2026-02-01T00:00:00.000Z" }],
  actionItems: [
    {
      ...{ id: "act-1", incident: "inc-1", text: "raise the pool", owner: "bob", due: "2026-02-20", createdBy: "ada" },
      ...{ createdAt: AT, doneBy: null, doneAt: null, issue: { number: 12, url: "https://github.com/a/b/issues/12" } },
    },
  ],
  canaries: [
    { check: "production/check/sign-in", passedAt: "2026-03-01T03:00:00.000Z" },
    { check: "production/check/admin", passedAt: null },
  ],
  certificates: [{ check: "production/check/cert", expiresAt: "2026-03-11T06:00:00.000Z" }],
  domains: [
    { domain: "silent.net", names: ["silent.net"], endsAt: null },
    { domain: "shop.com", names: ["www.shop.com"], endsAt: "2026-09-01T00:00:00.000Z" },
  ],
  drills: [
    { type: "http", last: drill },
    { type: "process", last: null },
  ],
  channels: [
    { channel: "ops", testedAt: AT, accepted: true, deliveredAt: AT, error: null },
    { channel: "page", testedAt: null, accepted: null, deliveredAt: null, error: "answered 500" },
  ],
  logs: [{ service: "api", lines: 100, json: 97 }],
  dashboards: [{ name: "built-in", url: "http://127.0.0.1:4700", problem: null }],
  ...{ storeBytes: 12 * 1024 ** 2, latenessP99Ms: 4.2 },
  unmeasured: [{ what: "log structure of job", why: "it has written nothing" }],
  changes: [{ what: "incidents", before: 6, now: 4 }],
});

test("the audit has each item of the week", () => {
  expect(auditMarkdown(audit)).toBe(`## Monitoring Audit - 2026-W09

shop/production, 2026-02-22 06:00:00 UTC to 2026-03-01 06:00:00 UTC

### Since last week
- incidents: 6 → 4

### Alerts
- **Precision:** 75 % (3 of 4 incidents were acted on)
- **Mean time to detect:** 42 s (n = 4)
- **Mean time to acknowledge:** 2 min (n = 1)
- **Mean time to restore:** 5 min (n = 4)

### Noisiest
- api: answers 500: 2 incidents, 6 messages

### Healing
- **Success:** 75 % (3 held, 4 actions)
- **Regret:** 25 % (1 declined, 0 undone)

### Health endpoints
- 8 of 9 checks pass
- production/api/health: DOWN

### Checks that never failed in 90 days and have no drill
- production/web/health (seen since 2025-12-01)

### Without a check
- service job
- route of web

### Unknown
- **Share of runs:** 1.2 %
- production/check/dns: 40 %

### Silences that hold for longer than 7 days
- sil-1 of bob since 2026-02-01: new disks

### Overdue action items
- raise the pool (act-1, bob, due 2026-02-20, issue 12), of inc-1

### Canary sign-ins
- production/check/sign-in: worked last 2026-03-01 03:00:00 UTC (3 h ago)
- production/check/admin: never worked

### Certificates
- production/check/cert: **until 2026-03-11 (in 10 days): renew it**

### Domains
- silent.net: not measured
- shop.com: until 2026-09-01 (in 183 days)

### Last fire drill
- http: 2026-02-27 10:00:00 UTC (web/health): detected after 13 s, ops reached 900 ms later
- process: never

### Channels
- ops: test accepted 2026-03-01 06:00:00 UTC; last delivered 2026-03-01 06:00:00 UTC
- page: never tested; nothing delivered; answered 500

### Log structure
- api: 97 of the last 100 lines are JSON

### Dashboards
- built-in: opens

### Stationmaster itself
- **Store:** 12 MiB
- **Lateness of checks (p99):** 4 ms

### Not measured
- log structure of job: it has written nothing`);
});

test("each figure that differs from the week before is named, with those that begin to be measured", () => {
  const { changes: _, ...now } = audit;
  const changed = changesSince(now, { ...auditFixture(), domains: undefined } as AuditReport) ?? [];
  expect(changed).toContainEqual({ what: "incidents", before: 0, now: 4 });
  expect(changed).toContainEqual({ what: "checks that do not pass", before: null, now: 1 });
  expect(changed).toContainEqual({ what: "certificates that end within 30 days", before: 0, now: 1 });
  expect(changed.map(({ what }) => what)).not.toContain("domains that end within 30 days");
  expect(changesSince(now, { ...now, changes: null })).toEqual([]);
  expect(changesSince(now, undefined)).toBeNull();
});

test.each([
  ["2026-03-31T06:00:00.000Z", true, "**until 2026-03-31 (in 30 days): renew it**"],
  ["2026-04-01T06:00:00.000Z", false, "until 2026-04-01 (in 31 days)"],
  ["2026-02-28T06:00:00.000Z", true, "**until 2026-02-28 (ended 1 day ago): renew it**"],
])("what ends at %s is near: %s", (end, near, text) => {
  expect(endsSoon(end, AT)).toBe(near);
  expect(horizonText(end, AT)).toBe(text);
});
