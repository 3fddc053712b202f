import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { memoryTree } from "../../../formats/tree.ts";
import { checkFiles } from "../../../lint/check.ts";
import { plan, service } from "../../testing.ts";
import { otel } from "./kind.ts";

const files = (given = {}) => Object.fromEntries(otel.render(plan(given)).map(({ path, text }) => [path, text]));

test("a collector, settings for each program, a start for Node.js beside its packages; pages have nothing to trace", () => {
  expect(Object.keys(files())).toEqual(["ops/otel/collector.yaml", "ops/otel/api.env", "api/ops/otel/api.mjs"]);
  const go = { services: [service("api", { runtime: { name: "go", version: "1.24" } })] };
  expect(Object.keys(files(go))).toEqual(["ops/otel/collector.yaml", "ops/otel/api.env"]);
  expect(otel.render(plan({ services: [service("site", { role: "static" })] }))).toEqual([]);
  expect(otel.wanted(plan())).toBe(false);
});

test("the collector: each part of a pipeline is one it has, what is exported is read", () => {
  const collector = parse(files()["ops/otel/collector.yaml"] ?? "");
  for (const pipeline of Object.values<Record<string, string[]>>(collector.service.pipelines))
    for (const part of ["receivers", "processors", "exporters"])
      for (const name of pipeline[part] ?? []) expect(Object.keys(collector[part])).toContain(name);
  expect(collector.receivers.prometheus.config.scrape_configs).toMatchObject([
    { job_name: "api", metrics_path: "/metrics", static_configs: [{ targets: ["api:3000"] }] },
  ]);
  const none = parse(files({ services: [service("api")] })["ops/otel/collector.yaml"] ?? "");
  expect(Object.keys(none.receivers)).toEqual(["otlp"]);
});

test("no rule objects, the same each time", async () => {
  expect(await checkFiles({ tree: memoryTree(files()), today: "2026-01-01" })).toEqual([]);
  expect(files()).toEqual(files());
});

describe("the start for Node.js", () => {
  const SDK = `export class NodeSDK {
  start() { console.log("tracing"); }
  async shutdown() { await new Promise((resolve) => setTimeout(resolve, 50)); console.log("sent"); }
}`;
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "stationmaster-otel-"));
    const start = files()["api/ops/otel/api.mjs"] ?? "";
    for (const [path, text] of Object.entries({
      "ops/otel/api.mjs": start,
      "plain.cjs": 'setInterval(() => {}, 1000); console.log("up");',
      "listening.cjs": `process.once("SIGTERM", () => setTimeout(() => process.exit(0), 200));
setInterval(() => {}, 1000); console.log("up");`,
    })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Packages of these names that only say what they were asked for. */
  const install = () => {
    for (const [name, text] of Object.entries({
      "sdk-node": SDK,
      "auto-instrumentations-node": "export const getNodeAutoInstrumentations = () => [];",
    })) {
      const folder = join(root, "node_modules/@opentelemetry", name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "package.json"), '{ "type": "module", "exports": "./index.js" }');
      writeFileSync(join(folder, "index.js"), text);
    }
  };

  test("without an address and without the packages the service runs as before", () => {
    const args = ["--import", "./ops/otel/api.mjs", "-e", "console.log('up')"];
    expect(spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" })).toMatchObject({
      ...{ status: 0, stdout: "up\n", stderr: "" },
    });
  });

  test.each([
    ["plain.cjs", 143],
    ["listening.cjs", 0],
  ])("%s: what was traced is sent, and the service ends with %i", async (file, code) => {
    install();
    const child = spawn(process.execPath, [file], {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: "--import ./ops/otel/api.mjs", OTEL_EXPORTER_OTLP_ENDPOINT: "http://x" },
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (text.includes("up")) child.kill("SIGTERM");
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
    const ended = await new Promise((resolve) => child.once("close", resolve));
    clearTimeout(timer);
    expect(ended).toBe(code);
    expect(said).toBe("tracing\nup\nsent\n");
  });
});
