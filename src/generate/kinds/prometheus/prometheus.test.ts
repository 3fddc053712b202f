import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { findProgram } from "../../../../test/labs/missing.ts";
import { memoryTree } from "../../../formats/tree.ts";
import { checkFiles } from "../../../lint/check.ts";
import { alertsOf } from "../../alerts.ts";
import { expectedServices } from "../../expected.ts";
import type { Plan } from "../../plan.ts";
import { plan, service } from "../../testing.ts";
import { prometheus } from "./kind.ts";

const PROMTOOL = findProgram("promtool");
const AMTOOL = findProgram("amtool");
if (!PROMTOOL) console.log("skipped: promtool is not installed");
if (!AMTOOL) console.log("skipped: amtool is not installed");

const PLANS: Record<string, Partial<Plan>> = {
  shop: {},
  "one service, no repository": { services: [service("api", { path: "." })], stores: [], repository: null },
  "a worker only": { services: [service("mailer", { role: "worker", kind: "worker", port: null, health: null })] },
  "pages only": { services: [service("site", { role: "static", kind: "static", health: null })], stores: [] },
  "names that differ in a hyphen": { services: [service("a-1"), service("a1"), service("shop-api")] },
  "probes from outside": {
    target: "railway",
    services: [...plan().services, service("mailer", { role: "worker", kind: "worker", port: null, health: null })],
  },
  "a cluster, no domain": { target: "kubernetes", domain: null },
  "nothing critical": { services: [service("api", { critical: false, metrics: { path: "/m", names: [] } })] },
  "all stores": {
    services: [service("api", { stores: ["a", "b", "c"] })],
    stores: (["postgres", "rabbitmq", "mongodb"] as const).map((kind, index) => ({
      ...{ name: "abc".charAt(index), kind, version: null, variables: [], extensions: [] },
    })),
  },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stationmaster-rules-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesOf = (given: Partial<Plan>) =>
  Object.fromEntries(prometheus.render(plan(given)).map(({ path, text }) => [path, text]));

function written(name: string, given: Partial<Plan>): string {
  const root = join(folder, name.replaceAll(/\W/g, "-"));
  for (const [path, text] of Object.entries(filesOf(given))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return join(root, "observability/prometheus");
}

/** What a program says; it throws where it objects. */
const says = (program: string, args: string[], cwd: string) =>
  execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

describe.skipIf(!PROMTOOL)("promtool", () => {
  test.each(Object.entries(PLANS))("%s: takes settings, rules and their tests", (name, given) => {
    const at = written(name, given);
    const count = alertsOf(plan(given)).length;
    says(PROMTOOL ?? "", ["check", "config", "--syntax-only", "prometheus.yml"], at);
    expect(says(PROMTOOL ?? "", ["check", "rules", "rules/shop.rules.yml"], at)).toContain(`${count} rules found`);
    expect(says(PROMTOOL ?? "", ["test", "rules", "rules/shop.test.yml"], at)).toContain("SUCCESS");
  });

  test("the tests notice an alert that no longer fires", () => {
    const at = written("broken", {});
    const rules = join(at, "rules/shop.rules.yml");
    for (const [from, to] of [
      ["service_up", "service_down"],
      ["14.4 * 0.001", "1400 * 0.001"],
      ["for: 10m", "for: 10h"],
    ] as const) {
      const sound = readFileSync(rules, "utf8");
      writeFileSync(rules, sound.replaceAll(from, to));
      expect(() => says(PROMTOOL ?? "", ["test", "rules", "rules/shop.test.yml"], at)).toThrow();
      writeFileSync(rules, sound);
    }
  });
});

test.skipIf(!AMTOOL)("amtool takes the routing; what is critical pages, everything is told", () => {
  const at = written("routes", {});
  says(AMTOOL ?? "", ["check-config", "alertmanager.yml"], at);
  const receivers = (severity: string) =>
    says(AMTOOL ?? "", ["config", "routes", "test", "--config.file=alertmanager.yml", `severity=${severity}`], at);
  expect(receivers("critical").trim()).toBe("page,channel");
  expect(receivers("warning").trim()).toBe("channel");
});

/** Series that the daemon exports, as its sources name them. */
function exported(): Set<string> {
  const sources = [
    "daemon/meters/runs.ts",
    "daemon/meters/schedule.ts",
    "daemon/meters/stored.ts",
    "server/metrics.ts",
  ];
  const text = sources.map((path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")).join("\n");
  return new Set([...text.matchAll(/"(stationmaster_\w+)"/g)].map(([, name = ""]) => name));
}

test.each(Object.entries(PLANS))(
  "%s: each alert is complete, of known series, with a page that is there",
  (_, given) => {
    const files = filesOf(given);
    const { groups } = parse(files["observability/prometheus/rules/shop.rules.yml"] ?? "");
    const rules = groups.flatMap((group: { rules: object[] }) => group.rules);
    const names = rules.map(({ alert }: { alert: string }) => alert.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    const known = new Set([...exported(), "probe_success", "probe_duration_seconds"]);
    for (const rule of rules) {
      expect(rule).toMatchObject({
        for: expect.stringMatching(/^\d+m$/),
        labels: { severity: expect.stringMatching(/^(?:critical|warning)$/) },
        annotations: { summary: expect.any(String), runbook_url: expect.any(String) },
      });
      const page = rule.annotations.runbook_url.replace("https://github.com/acme/shop/blob/main/", "");
      expect(Object.keys(files)).toContain(page);
      expect(files[page]).toContain(rule.expr);
      const series: string[] = rule.expr.match(/\b(?:stationmaster_\w+|probe_\w+|up)(?=\{)/g) ?? [];
      expect(series.length).toBeGreaterThan(0);
      expect(series.filter((one) => one !== "up" && !known.has(one))).toEqual([]);
      // A probe is known of those only that are probed.
      const settings = files["observability/prometheus/prometheus.yml"] ?? "";
      const jobs: string[] = parse(settings).scrape_configs.map(({ job_name }: { job_name: string }) => job_name);
      const needed = series.flatMap((one) =>
        one === "up" ? [] : [one.startsWith("probe_") ? "probes" : "stationmaster"],
      );
      expect(jobs).toEqual(expect.arrayContaining(needed));
      // Whether a target is up is known of those only that are read.
      if (series.includes("up")) {
        const job = /job="([^"]+)"/.exec(rule.expr)?.[1];
        expect(files["observability/prometheus/prometheus.yml"]).toContain(`job_name: ${job}\n`);
      }
    }
    for (const rule of rules.filter(({ alert }: { alert: string }) => alert.endsWith("Burn")))
      expect(new Set(rule.expr.match(/\[\w+\]/g)).size).toBe(2);
  },
);

test.each(Object.entries(PLANS))("%s: no rule objects, the same each time", async (_, given) => {
  const files = filesOf(given);
  expect(filesOf(given)).toEqual(files);
  const services = expectedServices(plan(given));
  expect(await checkFiles({ tree: memoryTree(files), services, today: "2026-01-01" })).toEqual([]);
});

test("elsewhere than on servers of one's own nothing asks the daemon, and it is said what has to run", () => {
  const given = PLANS["probes from outside"] ?? {};
  const made = prometheus.render(plan(given));
  expect(made.map(({ text }) => text).join("\n")).not.toMatch(/stationmaster[_:]|`stationmaster |^stationmaster /m);
  const [settings] = made;
  expect(settings?.text).toContain("https://api.shop.example.com/healthz");
  expect(settings?.text).toContain("api.railway.internal:3000");
  expect(settings?.notes?.join("\n")).toMatch(/blackbox_exporter[\s\S]*no alert is written for mailer/);
  expect(made.some(({ path }) => path.includes("mailer"))).toBe(false);
  expect(prometheus.render(plan())[0]?.notes?.join("\n")).toContain("run it where it reaches production");
});

test("nothing that waits, runs or is served: nothing is written", () => {
  expect(prometheus.render(plan({ services: [] }))).toEqual([]);
  expect(prometheus.render(plan({ services: [service("clean", { role: "cron", port: null })] }))).toEqual([]);
});
