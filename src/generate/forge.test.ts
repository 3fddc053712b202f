import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { prepare } from "./prepare.ts";
import { openRepository } from "./repository.ts";
import { readBelow, writePrepared } from "./write.ts";

const root = mkdtempSync(join(tmpdir(), "forge-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const git = (...words: string[]) => execFileSync("git", ["-C", root, ...words], { stdio: "pipe" });
const generate = async () =>
  await prepare({ plan: openRepository(root).plan, current: readBelow(root), today: "2026-11-22" });
const paths = async () => (await generate()).files.map(({ path }) => path);

test("what lies on GitLab gets its pipeline and no file of GitHub, also from a clone without origin", async () => {
  writeFileSync(join(root, "package.json"), '{"name":"api","scripts":{"start":"node server.js"}}');
  writeFileSync(join(root, "server.js"), 'require("node:http").createServer().listen(process.env.PORT ?? 3000);\n');
  git("init", "-q", "-b", "main");
  expect(await paths()).toContain(".github/dependabot.yml");

  git("remote", "add", "origin", "git@gitlab.com:acme/shop.git");
  const prepared = await generate();
  const written = prepared.files.map(({ path }) => path);
  expect(written).toEqual(expect.arrayContaining([".gitlab-ci.yml", "renovate.json"]));
  expect(written.filter((path) => path.startsWith(".github/"))).toEqual([]);
  expect(prepared.notes.join("\n")).not.toContain("GitHub");
  await writePrepared(root, prepared);

  git("remote", "remove", "origin");
  expect(await paths()).toEqual(written);
}, 30_000);
