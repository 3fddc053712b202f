import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { service } from "../../../test/lab/lab.ts";
import { until } from "../../../test/lab/until.ts";
import { isoWeek } from "../../audit/week.ts";
import { AuditReport, DailyReport, Drill } from "../../contract/report.ts";
import { systemClock } from "../../core/clock.ts";
import { type DeployLab, openDeployLab } from "../../deploy/testing.ts";
import { startReceiver } from "../../notify/testing.ts";
import { currentChecks } from "../checks.ts";
import type { Engine } from "../engine.ts";
import { startJobs } from "../jobs.ts";
import { createUseCases } from "../local.ts";
import { createParts, type Parts } from "../parts.ts";
import { createPreviews } from "../previews.ts";
import type { UseCases } from "../usecases.ts";
import { keepReports } from "./round.ts";
import { lookAtDashboards, lookAtHealth } from "./surfaces.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Stands for the built-in dashboard. */
let dashboard: { url: string; stop(): Promise<void> };
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let lab: DeployLab;
let parts: Parts;
let usecases: UseCases;
beforeAll(async () => {
  receiver = await startReceiver();
  dashboard = await startPage();
  const options = {
    services: { app: service() },
    strategy: { bake: "0s" },
    manifest: {
      notify: { ops: { kind: "webhook", url: receiver.url } },
      reports: { daily: { at: "08:00 Europe/Paris", to: ["ops"] }, audit: { to: ["ops"] } },
    },
  };
  lab = await openDeployLab(options);
  expect((await lab.ship()).state).toBe("SUCCEEDED");
  const { engine } = lab;
  lab.manifest({ ...options, services: { ...options.services, job: service({ kind: "worker" }) } });
  engine.adopt(engine.read());
  const report = (error: unknown) => console.error(error);
  parts = await createParts(engine, { baseUrl: () => null, print: () => {}, report });
  await parts.watch.setChecks(await currentChecks(engine, report));
  parts.watch.start();
  await until(
    "the counts of the first runs",
    async () => {
      const { rows } = await engine.store.pool.query("SELECT FROM bucket_minute WHERE ok > 0");
      return rows.length >= 2;
    },
    30_000,
  );
  usecases = createUseCases({
    ...{ engine, previews: createPreviews({ engine, report }), onBackgroundError: report },
    ...parts,
    daemon: () => ({ running: true, pid: 1, url: dashboard.url, startedAt: null }),
  });
});
afterEach(() => receiver.received.splice(0));
afterAll(async () => {
  await parts.watch.stop();
  await parts.incidents.close();
  await parts.outbox?.stop();
  await receiver.stop();
  await dashboard.stop();
  await lab.close();
});

async function startPage() {
  const server = createServer((_, response) =>
    response.setHeader("content-type", "text/html; charset=utf-8").end("<p>"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

/** The engine at another time. */
const at = (now: number): Engine => ({
  ...lab.engine,
  manifest: lab.engine.manifest,
  clock: { ...systemClock, now: () => now },
});
const round = (now: number) => keepReports({ engine: at(now), watch: parts.watch, ask: usecases });
const stored = async () =>
  (await lab.engine.store.pool.query("SELECT kind, period FROM report ORDER BY made_at, kind")).rows.map(
    ({ kind, period }) => `${kind} ${period}`,
  );

test("the daily report holds what was measured, and says where nothing was", async () => {
  const { data, markdown } = await usecases.report({ kind: "daily" });
  const daily = DailyReport.parse(data);
  expect(daily).toMatchObject({
    ...{ project: "lab", environment: "local", zone: "Europe/Paris", alerts: [], maintenance: [] },
    deployments: { failedToday: 0, uptime: 1, versions: [{ service: "app" }, { service: "job", release: null }] },
    resources: { databases: [], redis: [] },
  });
  expect(daily.deployments.p95Ms).toBeGreaterThan(0);
  const headings = markdown.split("\n").filter((line) => line.startsWith("#"));
  expect(headings).toEqual([
    `## Infrastructure Status - ${daily.date}`,
    ...["### Deployment Metrics", "### Resource Usage", "### Alerts", "### Planned Maintenance"],
  ]);
  expect(markdown).toContain("- **Database connections:** not measured");
});

test("an audit names what is without a check, and what cannot be measured", async () => {
  const { data, markdown } = await usecases.report({ kind: "audit" });
  const audit = AuditReport.parse(data);
  expect(audit).toMatchObject({
    incidents: { all: 0, precision: null },
    unwatched: { services: ["job"], routes: [] },
    unknown: { share: 0 },
    changes: null,
    healing: { actions: 0, success: null },
  });
  expect(audit.neverFailed.map(({ check }) => check)).toContain("local/app/health");
  expect(audit.storeBytes).toBeGreaterThan(100_000);
  expect(audit.drills.map(({ type }) => type)).toEqual(["http", "process"]);
  expect(audit.unmeasured.map(({ what }) => what)).toContain("log structure of job");
  expect(audit.health).toEqual({ checks: 2, notUp: [] });
  expect(audit.dashboards).toEqual([{ name: "built-in", url: dashboard.url, problem: null }]);
  expect(audit.domains).toEqual([]);
  expect(markdown).toContain("no incident to measure (n = 0)");
  await expect(usecases.report({ kind: "audit", week: "2020-W01" })).rejects.toMatchObject({
    code: "SM-REPORT-UNKNOWN",
  });
});

test("reports are made late rather than never, once each, and sent to their channels", async () => {
  const now = Date.now();
  // Before the first rollout nothing was there to report about.
  await round(now);
  expect((await stored()).filter((name) => name.startsWith("audit"))).toEqual([]);
  await lab.engine.store.pool.query("DELETE FROM report");

  const monday = now + 8 * DAY_MS;
  await Promise.all([round(monday), round(monday)]);
  await round(monday + HOUR_MS / 60);
  const first = await stored();
  expect(first).toHaveLength(2);
  await round(monday + 7 * DAY_MS);
  expect(await stored()).toHaveLength(4);
  const [, week = ""] = first.find((name) => name.startsWith("audit"))?.split(" ") ?? [];
  expect([isoWeek(monday), isoWeek(monday - 7 * DAY_MS)]).toContain(week);
  expect((await usecases.report({ kind: "audit", week })).markdown).toContain(`## Monitoring Audit - ${week}`);
  const listed = await usecases.reports();
  expect(listed.map(({ kind, period }) => `${kind} ${period}`).sort()).toEqual((await stored()).sort());
  const day = listed.find(({ kind }) => kind === "daily")?.period ?? "";
  const { data } = await usecases.report({ kind: "daily", day });
  expect(data).toMatchObject({ kind: "daily", at: listed.find(({ period }) => period === day)?.madeAt });
  await expect(usecases.report({ kind: "daily", day: "2020-01-01" })).rejects.toMatchObject({
    code: "SM-REPORT-UNKNOWN",
  });

  await lab.engine.store.pool.query("UPDATE outbox SET next_at = now()");
  await parts.outbox?.drain();
  const told = receiver.messages().map(({ kind, incident, body = "" }) => [kind, incident.id, body.slice(0, 12)]);
  expect(told).toContainEqual(["report", `audit:lab/local:${week}`, "## Monitorin"]);
  expect(told.filter(([, id]) => id?.startsWith("daily:"))).toHaveLength(2);
});

test("a dashboard that does not open, or is no page, is named", async () => {
  const looked = await Promise.all([receiver.url, "http://127.0.0.1:1"].map(lookAtDashboards));
  expect(looked.map(({ dashboards }) => dashboards?.[0]?.problem)).toEqual([
    expect.stringContaining("without a page"),
    "did not answer",
  ]);
  expect((await lookAtDashboards(null)).unmeasured).toEqual([{ what: "dashboards", why: "no daemon runs" }]);
  expect(lookAtHealth([]).health).toBeUndefined();
});

test("action items are stored, listed and done, and those that are late are in the audit", async () => {
  const incident = await usecases.reportIncident({ symptom: "charged twice", severity: "SEV1" }, "ada");
  const item = { text: "add a key", owner: "bob", due: "2020-01-31" };
  const { id } = await usecases.addActionItem(incident.id, item, "ada");
  const late = await usecases.addActionItem(incident.id, { ...item, text: "write to all" }, "ada");
  await usecases.finishActionItem(id, "bob");
  await expect(usecases.finishActionItem(id, "bob")).rejects.toMatchObject({ code: "SM-ACTION-UNKNOWN" });
  await expect(usecases.addActionItem("inc-none", item, "ada")).rejects.toMatchObject({ code: "SM-INCIDENT-UNKNOWN" });
  expect(await usecases.actionItems(incident.id)).toMatchObject([
    { id, doneBy: "bob" },
    { id: late.id, doneBy: null },
  ]);
  const audit = AuditReport.parse((await usecases.report({ kind: "audit" })).data);
  expect(audit.actionItems.map((overdue) => overdue.id)).toEqual([late.id]);
  const { markdown, data } = await usecases.report({ kind: "postmortem", id: incident.id });
  expect(markdown).toContain("- [x] add a key");
  expect(data).toMatchObject({ due: true, link: `${dashboard.url}/incidents/${incident.id}` });
  await usecases.closeReview(incident.id, "ada", "the key was missing");
  const after = await usecases.report({ kind: "incident", id: incident.id });
  expect(after.markdown).toContain("- **Method:** reported by ada");
  expect(after.markdown).toContain("- **Services:** not known");
  expect(after.markdown).toContain("- **Root cause:** the key was missing");
});

test("a drill pages with DRILL, ends by itself, stores no incident, and counts as a failure test", async () => {
  parts.outbox?.start();
  const before = await usecases.incidents({ state: "all", limit: 50 });
  const drill = Drill.parse(await usecases.drill("app/process", "ada"));
  expect(drill).toMatchObject({ check: "local/app/process", type: "process", outcome: "paged", channel: "ops" });
  expect(drill.detectMs).toBeGreaterThan(0);
  await vi.waitFor(() => expect(receiver.messages().map(({ kind }) => kind)).toEqual(["opened", "resolved"]), 20_000);
  expect(receiver.messages()[0]?.text).toMatch(/^DRILL by ada/);
  expect(await usecases.incidents({ state: "all", limit: 50 })).toEqual(before);
  const audit = AuditReport.parse((await usecases.report({ kind: "audit" })).data);
  expect(audit.neverFailed.map(({ check }) => check)).not.toContain("local/app/process");
  expect(audit.drills.find(({ type }) => type === "process")?.last?.id).toBe(drill.id);
  await expect(usecases.drill("app/nothing", "ada")).rejects.toMatchObject({ code: "SM-CHECK-UNKNOWN" });
});

test("the queue has the crons of both reports", async () => {
  const nothing = async () => {};
  const { engine } = lab;
  const jobs = await startJobs(engine, { rollout: nothing, housekeeping: nothing, reports: nothing }, console.error);
  const { rows } = await engine.store.pool.query(
    `SELECT name, cron, timezone FROM ${engine.store.schema}_jobs.schedule WHERE name LIKE 'report.%' ORDER BY name`,
  );
  await jobs.stop();
  expect(rows).toEqual([
    { name: "report.audit", cron: "0 6 * * 0", timezone: "UTC" },
    { name: "report.daily", cron: "0 8 * * *", timezone: "Europe/Paris" },
  ]);
});
