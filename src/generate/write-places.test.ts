import { execFileSync } from "node:child_process";
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
