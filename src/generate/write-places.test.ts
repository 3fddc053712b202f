import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { INDEX_FILE } from "./base-store.ts";
import { prepare } from "./prepare.ts";
import { openRepository } from "./repository.ts";
import { readBelow, writePrepared } from "./write.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "places-"));
  const manifest = { name: "api", scripts: { start: "node server.js" }, dependencies: { express: "4" } };
  writeFileSync(join(root, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(root, "package-lock.json"), "{}\n");
  writeFileSync(join(root, "server.js"), 'require("express")().listen(process.env.PORT || 3000);\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function prepared() {
  const { plan } = openRepository(root);
  return await prepare({ plan, current: readBelow(root), today: "2026-11-22", kinds: ["dockerfile", "compose"] });
}

test.each([
  ["a file", "taken"],
  ["a folder below a file", "taken/out"],
])("%s is no folder to write below", async (_, path) => {
  writeFileSync(join(root, "taken"), "mine");
  const made = await prepared();
  expect(() => writePrepared(join(root, path), made)).toThrow(/taken/);
  expect(readFileSync(join(root, "taken"), "utf8")).toBe("mine");
});

test("a folder that the system does not make is told, not waited for", {
  skip: !existsSync("/proc/self"),
}, async () => {
  const made = await prepared();
  expect(() => writePrepared("/proc/none/out", made)).toThrow(/cannot be made/);
});

test("nothing is written where one of the files lies behind a link", async () => {
  symlinkSync("elsewhere", join(root, "compose.yaml"));
  const made = await prepared();
  const before = readdirSync(root);
  expect(() => writePrepared(root, made)).toThrow(/compose\.yaml is reached through a link/);
  expect(readdirSync(root)).toEqual(before);
});

test("a file where a folder has to be is told", async () => {
  const made = await prepared();
  writeFileSync(join(root, "deploy"), "mine");
  const [file] = made.files;
  if (file) made.files = [{ ...file, path: "deploy/x.yaml" }];
  expect(() => writePrepared(root, made)).toThrow(/^deploy\/x\.yaml cannot be written: ENOTDIR|EEXIST/);
  expect(readFileSync(join(root, "deploy"), "utf8")).toBe("mine");
});

test("a pipe of a name that is read holds nobody up", async () => {
  execFileSync("sh", ["-c", 'mkfifo "$0" "$1"', join(root, "Dockerfile"), join(root, "stationmaster.yaml")]);
  expect(readBelow(root)("Dockerfile")).toBeUndefined();
  expect((await prepared()).files.map(({ path }) => path)).toContain("compose.yaml");
});

test("nor does one in the place of a file that is written", async () => {
  execFileSync("sh", ["-c", 'mkfifo "$0"', join(root, "Dockerfile")]);
  const made = await prepared();
  expect(() => writePrepared(root, made)).toThrow(/^Dockerfile is no ordinary file/);
});

test.each([
  ["a proposal", "compose.yaml.proposed"],
  ["what was generated last", ".stationmaster/base/Dockerfile"],
  ["the list", ".stationmaster/base/index.json"],
  ["what git leaves out", ".stationmaster/.gitignore"],
])("%s behind a link is not written, and nothing else is", async (_, path) => {
  const outside = mkdtempSync(join(tmpdir(), "outside-"));
  try {
    writeFileSync(join(root, "compose.yaml"), "services: {}\n");
    mkdirSync(join(root, path, ".."), { recursive: true });
    symlinkSync(join(outside, "taken"), join(root, path));
    const before = readdirSync(root, { recursive: true });
    const made = await prepared();
    expect(() => writePrepared(root, made)).toThrow(`${path} is reached through a link`);
    expect(readdirSync(root, { recursive: true })).toEqual(before);
    expect(readdirSync(outside)).toEqual([]);
  } finally {
    rmSync(outside, { recursive: true });
  }
});

test("what a link shows of other folders is not read: it could be told to others", async () => {
  const outside = mkdtempSync(join(tmpdir(), "outside-"));
  try {
    writeFileSync(join(outside, "key"), "private\n");
    symlinkSync(join(outside, "key"), join(root, "Dockerfile"));
    symlinkSync(outside, join(root, "deploy"));
    expect(["Dockerfile", "deploy/key", "../key"].map(readBelow(root))).toEqual([undefined, undefined, undefined]);
    expect(JSON.stringify((await prepared()).files)).not.toContain("private");
  } finally {
    rmSync(outside, { recursive: true });
  }
});

test("a file that is a link within the repository stays, and holds up no others", async () => {
  writeFileSync(join(root, "own.yaml"), "services: {}\n");
  symlinkSync("own.yaml", join(root, "compose.yaml"));
  writePrepared(root, await prepared());
  expect(readFileSync(join(root, "own.yaml"), "utf8")).toBe("services: {}\n");
  expect(existsSync(join(root, "Dockerfile"))).toBe(true);
});

test("what runs that were killed left is taken away, what another writes just now stays", async () => {
  const { pid: gone } = spawnSync("true");
  const names = [`.stationmaster-${gone}.tmp`, ".stationmaster-1.tmp", "mine.tmp"];
  const folder = join(root, ".stationmaster/base");
  mkdirSync(folder, { recursive: true });
  for (const name of names) for (const at of [root, folder]) writeFileSync(join(at, name), "half");
  writePrepared(root, await prepared());
  for (const at of [root, folder])
    expect(readdirSync(at).filter((name) => name.endsWith(".tmp"))).toEqual([".stationmaster-1.tmp", "mine.tmp"]);
});

test("two runs at the same time: the list has what both wrote", async () => {
  const of = (kinds: string[]) =>
    prepare({ plan: openRepository(root).plan, current: readBelow(root), today: "2026-11-22", kinds });
  const [one, other] = await Promise.all([of(["dockerfile"]), of(["compose"])]);
  writePrepared(root, one);
  writePrepared(root, other);
  const { files } = JSON.parse(readFileSync(join(root, INDEX_FILE), "utf8")) as { files: object };
  expect(Object.keys(files)).toEqual([".dockerignore", "Dockerfile", "compose.dev.yaml", "compose.yaml"]);
});

test("a list that names files outside is believed of the others only", async () => {
  writePrepared(root, await prepared());
  const list = JSON.parse(readFileSync(join(root, INDEX_FILE), "utf8")) as { files: Record<string, unknown> };
  list.files["../../outside"] = list.files.Dockerfile;
  mkdirSync(join(root, "sub"));
  list.files["sub/../Dockerfile"] = list.files.Dockerfile;
  writeFileSync(join(root, INDEX_FILE), JSON.stringify(list));
  const made = await prepared();
  expect(made.files.every(({ path, action }) => action === "keep" && !path.includes(".."))).toBe(true);
  writePrepared(root, made);
  expect(readFileSync(join(root, INDEX_FILE), "utf8")).not.toContain("..");
});
