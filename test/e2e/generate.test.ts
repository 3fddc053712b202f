import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { TARGETS, type Target } from "../../src/generate/plan.ts";
import { prepare } from "../../src/generate/prepare.ts";
import { changes } from "../../src/generate/prepared.ts";
import { openRepository } from "../../src/generate/repository.ts";
import { readBelow, writePrepared } from "../../src/generate/write.ts";
import { REPOSITORIES } from "../generate/repositories.ts";
import type { Files } from "../generate/types.ts";

const ROOT = mkdtempSync(join(tmpdir(), "generate-"));
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

const TODAY = "2026-11-22";
/** Kinds whose output is judged here; those of others have tests of their own. */
const KINDS = ["dockerfile", "compose", "env-example"];

async function run(folder: string, kinds?: readonly string[], target?: Target) {
  const { plan } = openRepository(folder, target ? { target } : {});
  const prepared = await prepare({ plan, current: readBelow(folder), today: TODAY, ...(kinds ? { kinds } : {}) });
  if (prepared.blocking.length === 0) writePrepared(folder, prepared);
  return { plan, prepared };
}

function made(name: string, files: Files): string {
  const folder = join(ROOT, name.replace(/\W+/g, "-"));
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Every file below a folder with its bytes. */
function bytesBelow(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, path), "latin1")]),
  );
}

describe.each(Object.entries(REPOSITORIES))("%s", (name, files) => {
  test("nothing is found in what is written, every file agrees with the plan, and a second run changes nothing", async () => {
    const folder = made(name, files);
    const { prepared } = await run(folder, KINDS);
    const own = new Set(prepared.files.filter(({ base }) => base !== undefined).map(({ path }) => path));
    const open = prepared.findings.filter(({ file, suppressed }) => own.has(file) && !suppressed);
    expect(open.map(({ rule, file, line, message }) => `${rule} ${file}:${line} ${message}`)).toEqual([]);
    for (const [path, text] of Object.entries(files))
      if (!own.has(path)) expect(readFileSync(join(folder, path), "utf8")).toBe(text);

    const before = bytesBelow(folder);
    const again = await run(folder, KINDS);
    expect(again.prepared.files.filter(changes).map(({ path, action }) => `${action} ${path}`)).toEqual([]);
    expect(bytesBelow(folder)).toEqual(before);
  });
});

describe.each(TARGETS)("all files for %s", (target) => {
  test("nothing keeps them from being written, and a second run changes nothing", async () => {
    for (const [name, files] of Object.entries(REPOSITORIES)) {
      const folder = made(`${target} ${name}`, files);
      const { prepared } = await run(folder, undefined, target);
      expect(prepared.blocking.map(({ rule, file, message }) => `${name}: ${rule} ${file} ${message}`)).toEqual([]);
      const before = bytesBelow(folder);
      const again = await run(folder, undefined, target);
      expect(again.prepared.files.filter(changes).map(({ path, action }) => `${name}: ${action} ${path}`)).toEqual([]);
      expect(bytesBelow(folder), name).toEqual(before);
      rmSync(folder, { recursive: true });
    }
  }, 180_000);
});

test("services of one folder have an image each", async () => {
  const { plan } = await run(made("several", REPOSITORIES["go with several programs"] ?? {}), KINDS);
  expect(plan.services.map(({ dockerfile }) => dockerfile.path)).toEqual(["Dockerfile.api", "Dockerfile.worker"]);
});

test("a Dockerfile that people wrote stays theirs, also after a run", async () => {
  const folder = made("theirs", REPOSITORIES["dockerfile of their own"] ?? {});
  const first = await run(folder, KINDS);
  const second = await run(folder, KINDS);
  for (const { plan } of [first, second])
    expect(plan.services[0]?.dockerfile).toMatchObject({ path: "Dockerfile", foreign: true, own: { home: "/srv" } });
});

test("what has no recipe gets no Dockerfile, and Compose does not build it", async () => {
  const { prepared } = await run(made("no-recipe", REPOSITORIES["a language without recipe"] ?? {}), KINDS);
  const paths = prepared.files.map(({ path }) => path);
  expect(paths).not.toContain("Dockerfile");
  expect(prepared.files.find(({ path }) => path === "compose.yaml")?.text).not.toContain("build:");
  expect(prepared.notes.join("\n")).toContain("write its Dockerfile");
});
