import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type ICruiseOptions, type ICruiseResult } from "dependency-cruiser";
import { expect, test } from "vitest";
import { ROOT } from "./files.ts";

const { options, ...ruleSet } = createRequire(import.meta.url)("../../.dependency-cruiser.cjs");

/** Names of the rules that a tree of files breaks, and the number of modules that were read. */
async function broken(baseDir: string, folders: string[]): Promise<{ rules: string[]; modules: number }> {
  const settings: ICruiseOptions = { ...options, ruleSet, validate: true, baseDir };
  const { output } = await cruise(folders, settings);
  const { summary } = output as ICruiseResult;
  const rules = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  return { rules, modules: summary.totalCruised };
}

async function tree(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "layers-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

test("the repository keeps its layers", async () => {
  const { rules, modules } = await broken(ROOT, ["src", "web/src", "web/dev", "examples"]);
  expect(modules, "modules read; none means that dependency-cruiser found no `typescript` 6").toBeGreaterThan(200);
  expect(rules).toEqual([]);
});

test("each rule sees its breach, types included", async () => {
  const folder = await tree({
    "src/core/errors.ts": 'import type { Daemon } from "../daemon/daemon.ts";\nexport type E = Daemon;\n',
    "src/daemon/daemon.ts":
      'import { spawn } from "node:child_process";\nexport interface Daemon { spawn: typeof spawn }\n',
    "src/config/load.ts": 'import { open } from "../store/open.ts";\nexport const load: number = open as number;\n',
    "src/store/open.ts": 'import { close } from "./close.ts";\nexport const open: number = close;\n',
    "src/store/close.ts": 'import { open } from "./open.ts";\nexport const close: number = open;\n',
    "src/store/open.test.ts": 'import "../daemon/daemon.ts";\n',
    "src/attic/old.ts": "export const old = 1;\n",
    "src/watch/watch.ts":
      'import { old } from "../attic/old.ts";\nimport "./missing.ts";\nimport "./watch.test.ts";\nexport const w = old;\n',
    "src/watch/watch.test.ts": "",
    "web/src/main.tsx": 'import { open } from "../../src/store/open.ts";\nexport const main = <p>{open}</p>;\n',
    "examples/app/server.ts": 'import "../../src/core/errors.ts";\n',
  });
  try {
    const { rules } = await broken(folder, ["src", "web", "examples"]);
    const names = new Set(rules.map((rule) => rule.split(":")[0]));
    expect([...names].sort()).toEqual([
      "examples-stand-alone",
      "known-folder",
      "layer-0-core",
      "layer-1-config",
      "layer-3-watch",
      "no-cycle",
      "processes-start-in-exec",
      "product-only",
      "resolvable",
      "web-sees-contract",
    ]);
    expect(rules.filter((rule) => rule.includes("open.test.ts →"))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
