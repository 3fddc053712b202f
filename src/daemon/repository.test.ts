import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RepositoryView } from "../contract/repository.ts";
import { repositoryUseCases } from "./repository.ts";

const MANIFEST = `project: shop
services:
  api:
    path: api
    start: node server.js
    port: 3000
    health: /healthz
environments:
  local: { platform: local }
`;

let root: string;
let now: number;

beforeEach(() => {
  now = 1_000;
  root = mkdtempSync(join(tmpdir(), "stationmaster-repository-"));
  put("stationmaster.yaml", MANIFEST);
  put("api/package.json", JSON.stringify({ name: "api", dependencies: { express: "4.19.2" } }));
  put("api/package-lock.json", JSON.stringify({ name: "api", lockfileVersion: 3, packages: {} }));
  put("api/server.js", 'require("express")().listen(process.env.PORT ?? 3000);\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function open(stopping = new AbortController().signal) {
  const manifest = { root, file: join(root, "stationmaster.yaml") };
  const engine = { project: { manifest } } as unknown as Parameters<typeof repositoryUseCases>[0];
  return repositoryUseCases(engine, { clock: { monotonic: () => now }, stopping });
}

describe("looking at the repository", () => {
  test("tells facts, the files that would be written, and findings; writes nothing", async () => {
    put("Dockerfile.old", "FROM node:latest\n");
    const before = readdirSync(root, { recursive: true }).sort();
    const view = RepositoryView.parse(await open().repository({ fresh: false }));
    expect(view).toMatchObject({ project: "shop", target: "compose" });
    expect(view.scan.services.map(({ name, framework }) => ({ name, framework }))).toEqual([
      { name: "api", framework: "express" },
    ]);
    expect(view.scan.facts["api.framework"]?.evidence[0]).toMatchObject({ file: "api/package.json", line: 1 });
    expect(view.generate.created).toContain("api/Dockerfile");
    expect(view.findings).toContainEqual(expect.objectContaining({ rule: "SM01", file: "Dockerfile.old", line: 1 }));
    expect(readdirSync(root, { recursive: true }).sort()).toEqual(before);
  });

  test("is done once a minute, by those who ask at once together, and again for those who ask for it", async () => {
    const { repository } = open();
    const [first, second] = await Promise.all([repository({ fresh: false }), repository({ fresh: true })]);
    expect(second).toBe(first);
    now += 59_000;
    expect(await repository({ fresh: false })).toBe(first);
    expect(await repository({ fresh: true })).not.toBe(first);
    now += 61_000;
    put("api/package.json", JSON.stringify({ name: "api", dependencies: { fastify: "5.0.0" } }));
    expect((await repository({ fresh: false })).scan.services[0]?.framework).toBe("fastify");
  });

  test("a manifest that is wrong is told with its code, and looked at again when it was mended", async () => {
    put("stationmaster.yaml", `${MANIFEST}nonsense: true\n`);
    const { repository } = open();
    await expect(repository({ fresh: false })).rejects.toMatchObject({
      name: "UserError",
      code: expect.stringMatching(/^SM-CONFIG/),
    });
    put("stationmaster.yaml", MANIFEST);
    expect((await repository({ fresh: false })).project).toBe("shop");
  });

  test("ends with the process", async () => {
    const leaving = new AbortController();
    const asked = open(leaving.signal).repository({ fresh: false });
    leaving.abort();
    await expect(asked).rejects.toMatchObject({ code: "SM-REPOSITORY-LOOK" });
  });
});
