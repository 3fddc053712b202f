import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { Counter, Registry } from "prom-client";
import { expect, test } from "vitest";
import { answers, rolloutSummary, status } from "./answers/testing.ts";
import { startServer } from "./index.ts";
import { createFakeHouse } from "./testing.ts";

const PROMTOOL = "/usr/bin/promtool";
const COMMENT = /^# (HELP|TYPE) ([a-z0-9_]+) \S/;
const SAMPLE = /^([a-z0-9_]+)(\{([a-z_]+="(?:[^"\\]|\\.)*",?)*\})? (NaN|[+-]Inf|-?\d+(\.\d+)?(e[+-]?\d+)?)$/;

async function scrape(usecases = createFakeHouse().usecases, extraMetrics?: Registry) {
  const server = await startServer({ usecases, port: 0, version: "9.8.7", extraMetrics });
  const read = async () => {
    const response = await fetch(`${server.url}/metrics`);
    return { type: response.headers.get("content-type"), text: await response.text() };
  };
  const found = { first: await read(), second: await read() };
  await server.close();
  return found;
}

test("the text is well formed: every sample has a type and a help line, and follows the naming rules", async () => {
  const { first } = await scrape();
  expect(first.type).toMatch(/^text\/plain; version=0\.0\.4/);
  const types = new Map<string, string>();
  for (const line of first.text.split("\n").filter(Boolean)) {
    const [, kind, name = ""] = COMMENT.exec(line) ?? [];
    if (kind === "TYPE") types.set(name, line.split(" ")[3] ?? "");
    if (kind) continue;
    const [, sample = ""] = SAMPLE.exec(line) ?? [];
    expect(sample, line).not.toBe("");
    const family = types.has(sample) ? sample : sample.replace(/_(sum|count|bucket)$/, "");
    expect(types.has(family), line).toBe(true);
    if (family.startsWith("stationmaster_")) expect(family.endsWith("_total")).toBe(types.get(family) === "counter");
  }
  if (existsSync(PROMTOOL)) {
    const checked = spawnSync(PROMTOOL, ["check", "metrics"], { input: first.text.replace(/^.*nodejs_.*\n/gm, "") });
    expect(checked.stderr.toString()).not.toContain("stationmaster_");
  }
});

test("it tells checks, services, incidents, rollouts and the process", async () => {
  const { text } = (await scrape()).first;
  for (const line of [
    'stationmaster_check_up{check="web/health",service="web",environment="local"} 1',
    'stationmaster_check_up{check="api/login",service="api",environment="local"} NaN',
    'stationmaster_check_p95_seconds{check="web/health",service="web",environment="local"} 0.042',
    'stationmaster_service_up{service="web",environment="local"} 1',
    'stationmaster_service_up{service="api",environment="local"} 0',
    'stationmaster_service_up{service="mail",environment="local"} NaN',
    'stationmaster_incidents_open{severity="SEV1"} 0',
    'stationmaster_incidents_open{severity="SEV2"} 1',
    'stationmaster_rollouts_total{state="SUCCEEDED"} 1',
    'stationmaster_rollouts_total{state="FAILED"} 0',
    'stationmaster_build_info{version="9.8.7"} 1',
  ])
    expect(text.split("\n")).toContain(line);
  expect(text).toMatch(/^process_resident_memory_bytes \d/m);
  expect(text).not.toContain('stationmaster_check_p95_seconds{check="api/login"');
});

test.each([
  ["UP", "1"],
  ["SUSPECT", "1"],
  ["DEGRADED", "1"],
  ["INTERMITTENT", "1"],
  ["DOWN", "0"],
  ["UNKNOWN", "NaN"],
] as const)("a check that is %s counts as %s", async (verdict, value) => {
  const [check] = answers.checks;
  if (!check) throw new Error("no check");
  const house = createFakeHouse();
  const { first } = await scrape({ ...house.usecases, checks: async () => [{ ...check, verdict }] });
  expect(first.text).toMatch(new RegExp(`^stationmaster_check_up\\{[^}]*\\} ${value}$`, "m"));
});

test("a rollout is counted once, when it has ended; what is gone leaves no value", async () => {
  const ended = { ...rolloutSummary, id: "ro-2", state: "FAILED" as const };
  const lists = [
    [rolloutSummary, { ...ended, state: "BAKING" as const }],
    [ended, rolloutSummary],
  ];
  const checks = [answers.checks, []];
  const house = createFakeHouse();
  const usecases = {
    ...house.usecases,
    rollouts: async () => lists.shift() ?? [],
    checks: async () => checks.shift() ?? [],
  };
  const { first, second } = await scrape(usecases);
  expect(first.text).toContain('stationmaster_rollouts_total{state="FAILED"} 0');
  expect(second.text).toContain('stationmaster_rollouts_total{state="FAILED"} 1');
  expect(second.text).toContain('stationmaster_rollouts_total{state="SUCCEEDED"} 1');
  expect(second.text).not.toContain("stationmaster_check_up{");
});

test("names with quotes are escaped, metrics kept elsewhere are shown too", async () => {
  const odd = {
    ...status,
    services: status.services.map((service) => ({ ...service, name: `a"b\\c\n${service.name}` })),
  };
  const usecases = { ...createFakeHouse().usecases, status: async () => odd };
  const extra = new Registry();
  new Counter({ name: "stationmaster_notifications_total", help: "Sent", registers: [extra] }).inc(3);
  const { text } = (await scrape(usecases, extra)).first;
  expect(text).toContain('service="a\\"b\\\\c\\nweb"');
  expect(text).toContain("stationmaster_notifications_total 3");
});
