import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { until } from "../../test/lab/until.ts";
import { findProgram } from "../../test/labs/missing.ts";
import { addValue, emptyHistogram } from "../core/histogram.ts";
import type { Engine } from "../daemon/engine.ts";
import { createMeters } from "../daemon/meters/meters.ts";
import { prometheusRules } from "../daemon/meters/rules.ts";
import { createWorld, type World } from "../incidents/testing.ts";
import { freePort } from "../platforms/local/ports.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import type { RunReport } from "../watch/probes/run.ts";
import type { CheckSpec } from "../watch/types.ts";
import { type RunningServer, startServer } from "./index.ts";
import { createFakeHouse } from "./testing.ts";

const PROMETHEUS = findProgram("prometheus");
const PROMTOOL = findProgram("promtool");
if (!PROMETHEUS || !PROMTOOL) console.log("skipped: prometheus and promtool are not installed");

const spec = { id: "staging/api/health", service: "api", environment: "staging", type: "http" } as CheckSpec;
const report: RunReport = {
  ...{ plannedAt: 0, startedAt: 0, kind: "scheduled", outcome: "ok", class: null, family: null, detail: null },
  ...{ durationMs: 42, body: null, facts: { notAfter: 2_000_000_000 } },
  phases: { queue: 1, resolve: 2, connect: 3, tls: 4, processing: 5, transfer: 6 },
};

let store: TestStore;
let world: World;
let server: RunningServer;
let folder: string;
let prometheus: ChildProcess | undefined;
const failures: unknown[] = [];
let lateness = addValue(addValue(emptyHistogram, 3), 700);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stationmaster-prometheus-"));
  store = await openTestStore();
  world = await createWorld(store, { app: "metered" });
  const manifest = { project: "metered", services: { api: {} } };
  // The clock of the incidents stands still in the past.
  const engine = { store, environment: "staging", clock: world.clock, manifest } as unknown as Engine;
  const meters = createMeters(engine, (error) => failures.push(error));
  meters.follow({
    figures: () => ({
      ...{ lateness, fastLateness: lateness, latenessP50: 3, latenessP99: 700, slots: 32, skipped: 4, slowed: 0 },
      inflight: { fast: 2, slow: 1 },
    }),
  });
  meters.ran(spec, report);
  meters.ran(spec, { ...report, outcome: "fail", class: "refused", phases: null });
  await world.grant("api");
  await world.say("DOWN", { onset: world.clock.now() - 7_000 });
  await world.outbox.drain();
  await world.pass(120_000);
  const { usecases } = createFakeHouse();
  server = await startServer({ usecases, port: 0, version: "1", extraMetrics: meters.registry });
});
afterAll(async () => {
  if (prometheus) {
    const ended = new Promise((resolve) => prometheus?.once("exit", resolve));
    prometheus.kill("SIGKILL");
    await ended;
  }
  await server.close();
  await world.stop();
  await store.drop();
  rmSync(folder, { recursive: true, force: true });
});

test("runs, healing, messages and the schedule are there, with labels of the manifest and of fixed lists", async () => {
  await (await fetch(`${server.url}/metrics`)).text();
  lateness = addValue(addValue(lateness, 3), 3);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const place = 'service="api",type="http",environment="staging"';
  for (const line of [
    `stationmaster_check_results_total{outcome="ok",class="",${place}} 1`,
    `stationmaster_check_results_total{outcome="fail",class="refused",${place}} 1`,
    `stationmaster_check_duration_seconds_count{${place}} 1`,
    `stationmaster_check_phase_seconds_sum{phase="tls",${place}} 0.004`,
    'stationmaster_cert_expiry_timestamp_seconds{check="staging/api/health",service="api",environment="staging"} 2000000000',
    'stationmaster_runs_inflight{lane="slow"} 1',
    "stationmaster_runs_skipped_total 4",
    'stationmaster_scheduler_lateness_seconds_bucket{le="0.5"} 3',
    "stationmaster_scheduler_lateness_seconds_count 4",
    "stationmaster_incident_detect_seconds_count 1",
    'stationmaster_incident_detect_seconds_bucket{le="10"} 1',
    "stationmaster_outbox_oldest_seconds 0",
  ])
    expect(text.split("\n"), line).toContain(line);
  expect(text).toMatch(/^stationmaster_heal_actions_total\{step="restart",outcome="\w+"\} [12]$/m);
  expect(text).toMatch(/^stationmaster_notifications_total\{channel="ops",outcome="delivered"\} \d+$/m);
  expect(text).toMatch(/^stationmaster_heal_restarts_left\{service="api"\} [012]$/m);
  expect(failures).toEqual([]);
  if (!PROMTOOL) return;
  const checked = spawnSync(PROMTOOL, ["check", "metrics"], { input: text.replace(/^.*nodejs_.*\n/gm, "") });
  expect({ status: checked.status, said: checked.stderr.toString() }).toEqual({ status: 0, said: "" });
});

test.skipIf(!PROMTOOL)("the rules are sound and fire when they should", () => {
  const rules = join(folder, "rules.yml");
  writeFileSync(rules, prometheusRules());
  writeFileSync(join(folder, "tests.yml"), RULE_TESTS);
  for (const args of [
    ["check", "rules", rules],
    ["test", "rules", join(folder, "tests.yml")],
  ]) {
    const { status, stdout, stderr } = spawnSync(PROMTOOL ?? "", args, { cwd: folder });
    expect(status, `${stdout}${stderr}`).toBe(0);
  }
});

test.skipIf(!PROMETHEUS || !PROMTOOL)("a real Prometheus scrapes it and loads the rules", async () => {
  writeFileSync(join(folder, "loaded.yml"), prometheusRules());
  writeFileSync(
    join(folder, "prometheus.yml"),
    `global: { scrape_interval: 1s }
rule_files: [loaded.yml]
scrape_configs:
  - job_name: stationmaster
    static_configs: [{ targets: ["127.0.0.1:${server.port}"] }]
`,
  );
  const port = await freePort(new Set());
  const base = `http://127.0.0.1:${port}`;
  prometheus = spawn(
    PROMETHEUS ?? "",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const Answer = z.object({
    data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
  });
  const ask = async (query: string) => {
    const response = await fetch(`${base}/api/v1/query?query=${encodeURIComponent(query)}`).catch(() => undefined);
    if (!response?.ok) return [];
    return Answer.parse(await response.json()).data.result.map(({ value }) => value[1]);
  };
  await until("what was sent", async () => (await ask('stationmaster_check_results_total{outcome="fail"}')).length > 0);
  expect(await ask('stationmaster_check_results_total{outcome="fail"}')).toEqual(["1"]);
  expect(await ask('stationmaster_check_up{check="api/login"}')).toEqual(["NaN"]);
  expect(await ask("up")).toEqual(["1"]);
  const loaded = await (await fetch(`${base}/api/v1/rules`)).text();
  expect(loaded).toContain("StationmasterFastBurn");
  expect(loaded).not.toContain('"health":"err"');
});

const RULE_TESTS = `
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - { series: 'stationmaster_build_info{version="1"}', values: "1x120" }
      - { series: 'stationmaster_check_up{check="a/health",service="a",environment="p"}', values: "1x10 0x110" }
      - { series: 'stationmaster_check_up{check="b/health",service="b",environment="p"}', values: "${"NaN ".repeat(121)}" }
      - { series: 'stationmaster_cert_expiry_timestamp_seconds{check="c",service="a",environment="p"}', values: "700000x120" }
      - { series: "stationmaster_outbox_oldest_seconds", values: "0x60 400x60" }
      - { series: 'stationmaster_check_results_total{outcome="ok",class="",service="a",type="http",environment="p"}', values: "0+10x120" }
      - { series: 'stationmaster_check_results_total{outcome="fail",class="refused",service="a",type="http",environment="p"}', values: "0+2x120" }
      - { series: 'stationmaster_check_results_total{outcome="ok",class="",service="b",type="http",environment="p"}', values: "0+10x120" }
      - { series: 'stationmaster_check_results_total{outcome="fail",class="refused",service="b",type="http",environment="p"}', values: "0x118 1x2" }
    alert_rule_test:
      - { eval_time: 90m, alertname: StationmasterAbsent, exp_alerts: [] }
      - eval_time: 90m
        alertname: StationmasterCheckDown
        exp_alerts:
          - exp_labels: { severity: critical, check: a/health, service: a, environment: p }
            exp_annotations: { summary: a/health is down }
      - eval_time: 90m
        alertname: StationmasterBlind
        exp_alerts:
          - exp_labels: { severity: warning, check: b/health, service: b, environment: p }
            exp_annotations: { summary: Nothing is known of b/health }
      - eval_time: 70m
        alertname: StationmasterCertificateEnds
        exp_alerts:
          - exp_labels: { severity: warning, check: c, service: a, environment: p }
            exp_annotations: { summary: "The certificate that c sees ends in 8d 1h 16m 40s" }
      - { eval_time: 70m, alertname: StationmasterCertificateEndsSoon, exp_alerts: [] }
      - eval_time: 90m
        alertname: StationmasterMessagesWait
        exp_alerts:
          - exp_labels: { severity: critical }
            exp_annotations: { summary: "A message waits for 6m 40s: a channel does not take it" }
      - eval_time: 119m
        alertname: StationmasterFastBurn
        exp_alerts:
          - exp_labels: { severity: critical, service: a, environment: p }
            exp_annotations: { summary: Checks of a fail 14.4 times as often as 99.9 % allows }
  - interval: 1m
    input_series: [{ series: 'up{job="stationmaster"}', values: "0x20" }]
    alert_rule_test:
      - eval_time: 10m
        alertname: StationmasterAbsent
        exp_alerts:
          - exp_labels: { severity: critical }
            exp_annotations: { summary: "No daemon of Stationmaster is scraped: nobody watches" }
`;
