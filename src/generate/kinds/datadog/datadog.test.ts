import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { memoryTree } from "../../../formats/tree.ts";
import { checkFiles } from "../../../lint/check.ts";
import type { Plan } from "../../plan.ts";
import { plan, service } from "../../testing.ts";
import { datadog } from "./kind.ts";

interface Monitor {
  name: string;
  query: string;
  message: string;
  tags: string[];
  priority: number;
  options: { thresholds: { critical: number; warning?: number } };
}
const files = (given: Partial<Plan> = {}) =>
  Object.fromEntries(datadog.render(plan(given)).map(({ path, text }) => [path.replace(/^observability\//, ""), text]));
const monitors = (given: Partial<Plan> = {}): Monitor[] =>
  JSON.parse(files(given)["datadog/monitors.json"] ?? "").monitors;

test("a threshold is the one its query compares with, and people are called for what is critical only", () => {
  const all = monitors();
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(all.map(({ name }) => name)).toEqual([
    ...["api is down", "api answers slowly", "api fails now and again"],
    ...["web is down", "web answers slowly", "web fails now and again"],
  ]);
  for (const { query, options, message, priority, tags } of all) {
    const [, sign, limit] = /(<|>) ([\d.]+)$/.exec(query) ?? [];
    expect(Number(limit)).toBe(options.thresholds.critical);
    const { warning, critical } = options.thresholds;
    if (warning !== undefined) expect(sign === ">" ? warning < critical : warning > critical).toBe(true);
    expect(message.includes("@pagerduty")).toBe(priority === 1);
    expect(tags).toContain("project:shop");
  }
});

test("each series of a monitor is one that the agent reads, and that the daemon exports", () => {
  const { instances } = parse(files()["datadog/openmetrics.d/conf.yaml"] ?? "");
  const read: Record<string, string> = Object.assign({}, ...instances[0].metrics);
  const used = monitors().flatMap(({ query }) => query.match(/stationmaster\.\w+/g) ?? []);
  expect(new Set(used)).toEqual(new Set(Object.values(read).map((name) => `stationmaster.${name}`)));
  const sources = ["daemon/meters/runs.ts", "server/metrics.ts"]
    .map((path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8"))
    .join("\n");
  for (const name of Object.keys(read)) expect(sources).toMatch(new RegExp(`"${name}(?:_total)?"`));
});

test("a worker is up or down; nothing that is served, nothing is written; no rule objects", async () => {
  const worker = { services: [service("mailer", { role: "worker", kind: "worker", port: null })] };
  expect(monitors(worker).map(({ name }) => name)).toEqual(["mailer is down"]);
  expect(datadog.render(plan({ services: [] }))).toEqual([]);
  for (const given of [{}, worker]) {
    const tree = memoryTree(Object.fromEntries(datadog.render(plan(given)).map(({ path, text }) => [path, text])));
    expect(await checkFiles({ tree, today: "2026-01-01" })).toEqual([]);
    expect(files(given)).toEqual(files(given));
  }
});

test("wanted where Datadog is in use", () => {
  expect(datadog.wanted(plan())).toBe(false);
  expect(datadog.wanted(plan({ tree: memoryTree({ "deploy/datadog-agent.yaml": "" }) }))).toBe(true);
});
