import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { git as runGit } from "../../../../test/lab/repository.ts";
import { appImage } from "../../../../test/labs/docker.ts";
import { buildFromGit, buildHere, transferImage } from "./builds.ts";
import { fetchCommit, readCommitted } from "./git-source.ts";
import { exposedPort, hasImage, pruneImages, resolveDigest } from "./images.ts";
import { type Bench, openBench, skipReason } from "./testing.ts";

const skipped = skipReason();
describe.skipIf(skipped)("images", () => {
  let bench: Bench;
  let image: string;

  beforeAll(async () => {
    bench = await openBench();
    image = await appImage(bench.engine, { version: "v1" });
  }, 120_000);
  afterAll(async () => await bench?.end(), 60_000);

  test("one that is nowhere else is known by its id; its port is the one it exposes", async () => {
    const id = await resolveDigest(bench.docker, image);
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await resolveDigest(bench.docker, id)).toBe(id);
    expect(await hasImage(bench.docker, id)).toBe(true);
    expect(await hasImage(bench.docker, "nosuch:1")).toBe(false);
    expect(await exposedPort(bench.docker, image)).toBe(8080);
    expect(await exposedPort(bench.docker, "base/node:1")).toBeNull();
  });

  test("a registry that does not answer is named with host and image", async () => {
    await expect(resolveDigest(bench.docker, "127.0.0.1:1/shop/web:1")).rejects.toMatchObject({
      code: "SM-IMAGE-REGISTRY",
      message: expect.stringContaining("local: pull 127.0.0.1:1/shop/web:1: "),
    });
  });

  test("builds a branch, a tag and the newest of a pattern, and removes what is not kept", async () => {
    const repository = `${bench.folder}/shop.git-work`;
    const commits = await makeRepository(repository);
    const source = { repository, cacheFolder: `${bench.folder}/cache` };
    const { host } = bench.docker;
    expect(await fetchCommit(host, { ...source, ref: "main" })).toBe(commits[2]);
    expect(await fetchCommit(host, { ...source, ref: "v1.9.0" })).toBe(commits[0]);
    expect(await fetchCommit(host, { ...source, ref: "v*" })).toBe(commits[1]);
    await expect(fetchCommit(host, { ...source, ref: "nosuch" })).rejects.toMatchObject({ code: "SM-GIT-REF" });
    await expect(fetchCommit(host, { ...source, repository: `${repository}-gone`, ref: "main" })).rejects.toMatchObject(
      { code: "SM-GIT-FAILED", message: expect.stringContaining("local: fetch ") },
    );

    const file = (path: string) => readCommitted(host, { ...source, commit: commits[2] ?? "", path });
    expect(await file("web/Dockerfile")).toContain("FROM ");
    expect(await file("web/nosuch")).toBe("");

    const order = {
      app: "shop",
      store: "here",
      service: "web",
      build: { context: "web", args: { WHO: "me" } },
      ...source,
    };
    const [old = "", , head = ""] = commits;
    const before = await buildFromGit(bench.docker, { ...order, commit: old });
    const after = await buildFromGit(bench.docker, { ...order, commit: head });
    expect(after).not.toBe(before);
    expect(await bench.docker.call(["run", "--rm", after], { step: "run" })).toBe("third for me\n");
    const left = await host.run(["ls", source.cacheFolder], { deadlineMs: 9_000 });
    expect(left.stdout).not.toMatch(/^work-/m);

    const broken = { ...order, build: { context: "web", dockerfile: "nosuch" }, commit: head };
    await expect(buildFromGit(bench.docker, broken)).rejects.toMatchObject({ code: "SM-IMAGE-BUILD" });

    expect(await pruneImages(bench.docker, { app: "shop", store: "elsewhere", keep: [] })).toEqual([]);
    const using = await bench.docker.call(["create", before], { step: "use it" });
    expect(await pruneImages(bench.docker, { app: "shop", store: "here", keep: [after] })).toEqual([]);
    await bench.docker.call(["rm", using.trim()], { step: "use it no more" });
    const removed = await pruneImages(bench.docker, { app: "shop", store: "here", keep: [after] });
    expect(removed).toEqual([`shop/web:${old}`]);
    expect([await hasImage(bench.docker, after), await hasImage(bench.docker, image)]).toEqual([true, true]);
  }, 120_000);

  test("a folder of this machine is built here and copied to hosts that do not have it", async () => {
    const root = `${bench.folder}/here`;
    await mkdir(root);
    await writeFile(`${root}/Dockerfile`, "FROM base/node:1\nCMD echo here\n");
    const order = { app: "shop", store: "here", service: "api", build: {}, root, version: "r7" };
    const id = await buildHere(bench.docker, order);
    const other = await openBench();
    try {
      const told: string[] = [];
      const copy = () =>
        transferImage(
          bench.docker,
          [other.docker],
          { image: "shop/api:r7", folder: bench.folder },
          { onOutput: (text) => told.push(text) },
        );
      await copy();
      expect(await hasImage(other.docker, id)).toBe(true);
      const times = told.filter((text) => text.includes("copy shop/api:r7")).length;
      await copy();
      expect(told.filter((text) => text.includes("copy shop/api:r7")).length).toBe(times);
    } finally {
      await other.end();
    }
  }, 120_000);
});

/** Three commits: v1.9.0, v1.10.0 and the head of main. */
async function makeRepository(folder: string): Promise<string[]> {
  const git = (...args: string[]) => runGit(folder, ...args);
  await mkdir(`${folder}/web`, { recursive: true });
  await git("init", "--quiet");
  const commits: string[] = [];
  for (const [text, tag] of [
    ["first", "v1.9.0"],
    ["second", "v1.10.0"],
    ["third", ""],
  ] as const) {
    const lines = [
      "FROM base/node:1",
      "ARG WHO",
      "ENV WHO=$WHO",
      "COPY text /text",
      'CMD echo "$(cat /text) for $WHO"',
    ];
    await writeFile(`${folder}/web/text`, text);
    await writeFile(`${folder}/web/Dockerfile`, `${lines.join("\n")}\n`);
    await git("add", ".");
    await git("commit", "--quiet", "-m", text);
    if (tag) await git("tag", tag);
    commits.push(await git("rev-parse", "HEAD"));
  }
  return commits;
}
