import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { REPOSITORIES } from "../../test/generate/repositories.ts";
import { parseManifest } from "../config/load.ts";
import { manifestText } from "./init/manifest.ts";
import { offersOf } from "./init/offers.ts";
import { makePlan } from "./make-plan.ts";
import { loadPins } from "./pins.ts";
import type { Plan } from "./plan.ts";
import { prepare } from "./prepare.ts";
import { scanFolder } from "./repository.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-decided-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** The plan with what `init` would write, and the one without a manifest; `there` are paths of this machine. */
function plans(there: (path: string) => boolean, change: (text: string) => string = (text) => text) {
  const { report, snapshot: tree } = scanFolder(root);
  const { services: offered, stores } = offersOf(report, tree, there);
  const services = offered.filter(({ start }) => start !== "");
  if (services.length === 0) return undefined;
  const text = manifestText({ project: "demo", services, stores, platform: null, because: "" }, "schema.json");
  const input = { report, tree, pins: loadPins(), folder: "demo" };
  return {
    bare: makePlan(input),
    written: makePlan({ ...input, manifest: parseManifest(change(text), "stationmaster.yaml") }),
  };
}
const starts = ({ services }: Plan) =>
  services.map(({ origin: _, dependsOn: __, ...service }) => ({
    ...service,
    // Pages answer at their root, which init writes.
    health: service.health ?? (service.kind === "static" || service.kind === "spa" ? "/" : null),
    env: service.env.map(({ name, store, default: value }) => ({ name, store, value })),
  }));

describe("init, then generate", () => {
  test.each(Object.entries(REPOSITORIES))("%s: production starts as it does without a manifest", async (_, files) => {
    write(files);
    for (const there of [() => false, () => true]) {
      const both = plans(there);
      if (!both) continue;
      const names = new Set(both.written.services.map(({ name }) => name));
      expect(starts(both.written)).toEqual(starts(both.bare).filter(({ name }) => names.has(name)));
      const { findings } = await prepare({
        ...{ plan: both.written, current: (path: string) => files[path], kinds: ["dockerfile", "compose"] },
        today: "2026-01-01",
      });
      expect(findings.filter(({ severity, suppressed }) => severity === "error" && !suppressed)).toEqual([]);
    }
  });

  test("a start that people changed decides", () => {
    write(REPOSITORIES.express ?? {});
    const both = plans(
      () => false,
      (text) => text.replace("node server.js", "node --max-old-space-size=256 server.js"),
    );
    expect(both?.written.services[0]?.start).toBe("node --max-old-space-size=256 server.js");
  });
});
