import { readFileSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";
import { expect, test } from "vitest";
import { memoryTree } from "../../../formats/tree.ts";
import { checkFiles } from "../../../lint/check.ts";
import type { Plan } from "../../plan.ts";
import { plan, service } from "../../testing.ts";
import { prometheus } from "../prometheus/kind.ts";
import { grafana } from "./kind.ts";

const PLANS: Record<string, Partial<Plan>> = {
  shop: {},
  "a long name": { project: "a-project-whose-name-is-as-long-as-forty-" },
  "a worker only": { services: [service("mailer", { role: "worker", kind: "worker", port: null })], stores: [] },
  "pages only": { services: [service("site", { role: "static", kind: "static", health: null })], stores: [] },
  "metrics of every kind of name": {
    services: [
      service("api", {
        metrics: {
          path: "/metrics",
          names: ["http_request_duration_seconds", "orders_total", "heap_bytes", "queue_depth", "http.server.requests"],
        },
      }),
    ],
  },
  "all stores": {
    services: [service("api", { stores: ["a", "b", "c"] })],
    stores: (["postgres", "redis", "kafka"] as const).map((kind, index) => ({
      ...{ name: "abc".charAt(index), kind, version: null, variables: [], extensions: [] },
    })),
  },
};

interface Dashboard {
  uid: string;
  schemaVersion: number;
  templating: { list: { name: string; type: string }[] };
  panels: {
    id: number;
    title: string;
    datasource: unknown;
    gridPos: { x: number; y: number; w: number; h: number };
    targets: { refId: string; expr: string; datasource: unknown }[];
  }[];
}
const dashboards = (given: Partial<Plan>) =>
  grafana.render(plan(given)).map(({ text }) => JSON.parse(text) as Dashboard);
const queries = (given: Partial<Plan>) =>
  dashboards(given).flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)));

/** Series that the daemon exports, as its sources name them, and what histograms make of them. */
function exported(): Set<string> {
  const sources = [
    "daemon/meters/runs.ts",
    "daemon/meters/schedule.ts",
    "daemon/meters/stored.ts",
    "server/metrics.ts",
  ];
  const text = sources.map((path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")).join("\n");
  return new Set([...text.matchAll(/"(stationmaster_\w+)"/g)].flatMap(([, name = ""]) => [name, `${name}_bucket`]));
}

function names(expr: string): string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, from, to }) => {
      if (name === "Identifier") found.push(expr.slice(from, to));
      expect(`${name} in ${expr}`).not.toMatch(/^⚠/);
    },
  });
  expect(found).not.toEqual([]);
  return found;
}

test.each(Object.entries(PLANS))("%s: queries can be parsed and are of series that are exported", (_, given) => {
  const known = exported();
  const own = plan(given).services.flatMap(({ metrics }) => metrics?.names ?? []);
  const ofApplication = new Set(own.flatMap((name) => [name, `${name}_bucket`]));
  expect(queries(given).length).toBeGreaterThan(5);
  for (const expr of queries(given))
    for (const name of names(expr.replaceAll("$environment", "x")))
      expect(known.has(name) || ofApplication.has(name), `${name} in ${expr}`).toBe(true);
});

test.each(Object.entries(PLANS))("%s: unique uids, one source that people choose, panels side by side", (_, given) => {
  const all = dashboards(given);
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
  for (const { uid, schemaVersion, templating, panels } of all) {
    expect(uid).toMatch(/^[\w-]{1,40}$/);
    expect(schemaVersion).toBeGreaterThan(30);
    expect(templating.list.map(({ name, type }) => `${type} ${name}`)).toEqual([
      ...["datasource datasource", "query environment"],
    ]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { datasource, targets } of panels)
      for (const one of [datasource, ...targets.map((target) => target.datasource)])
        expect(one).toEqual({ type: "prometheus", uid: "${datasource}" });
    const places = panels.map(({ gridPos }) => gridPos);
    for (const [index, a] of places.entries()) {
      expect(a.x + a.w).toBeLessThanOrEqual(24);
      for (const b of places.slice(index + 1))
        expect(a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h).toBe(false);
    }
  }
});

test.each(Object.entries(PLANS))("%s: no rule objects, the same each time", async (_, given) => {
  const files = () => Object.fromEntries(grafana.render(plan(given)).map(({ path, text }) => [path, text]));
  expect(files()).toEqual(files());
  expect(await checkFiles({ tree: memoryTree(files()), today: "2026-01-01" })).toEqual([]);
});

test("application, infrastructure, and database where there is one", () => {
  const paths = (given: Partial<Plan>) => grafana.render(plan(given)).map(({ path }) => path.replace(/.*\//, ""));
  expect(paths({})).toEqual(["application.json", "infrastructure.json", "database.json"]);
  expect(paths({ stores: [] })).toEqual(["application.json", "infrastructure.json"]);
  expect(paths({ services: [] })).toEqual([]);
});

test("what the application exports is shown by what its name says, and read under the name of the job", () => {
  const found = queries(PLANS["metrics of every kind of name"] ?? {}).filter((expr) => expr.includes("job="));
  expect(found).toEqual([
    'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{job="api"}[5m]))) or max(http_request_duration_seconds{job="api"})',
    'sum(rate(orders_total{job="api"}[5m]))',
    'sum(heap_bytes{job="api"})',
    'sum(queue_depth{job="api"})',
  ]);
  const settings = prometheus.render(plan(PLANS["metrics of every kind of name"]));
  expect(settings[0]?.text).toContain("job_name: api\n");
});
