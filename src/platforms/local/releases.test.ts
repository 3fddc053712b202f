import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ReleasedService } from "../../store/tables/release.ts";
import { copyTree, fingerprint } from "./files.ts";
import { holdsRelease, prepareRelease, pruneReleases, type ReleaseSource, serviceFingerprint } from "./releases.ts";
import { released } from "./testing.ts";

let root: string;
let state: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-local-"));
  state = join(root, ".stationmaster");
  write("a/server.js", "one");
  write("b/server.js", "two");
  write("shared/lib.js", "lib");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

const source = (change: Partial<ReleaseSource> = {}): ReleaseSource => ({
  root,
  manifestFile: join(root, "stationmaster.yaml"),
  stateDir: state,
  services: { a: { path: "a", data: [], exclude: [] }, b: { path: "b", data: [], exclude: [] } },
  ...change,
});
const context = { signal: AbortSignal.timeout(60_000) };

/** As the unprivileged account that root may become; a person who is not root is one already. */
async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return await work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("fingerprints", () => {
  test("change with what a service is made of, and with nothing else", async () => {
    const before = { a: await serviceFingerprint(source(), "a"), b: await serviceFingerprint(source(), "b") };
    write("stationmaster.yaml", "project: x");
    write(".stationmaster/db/file", "x");
    write(".git/HEAD", "x");
    expect(await serviceFingerprint(source(), "a")).toBe(before.a);
    write("a/server.js", "changed");
    expect(await serviceFingerprint(source(), "a")).not.toBe(before.a);
    expect(await serviceFingerprint(source(), "b")).toBe(before.b);
    write("shared/lib.js", "changed");
    expect(await serviceFingerprint(source(), "b")).not.toBe(before.b);
  });

  test("what is excluded and what outlives releases does not count", async () => {
    const services = { a: { path: "a", data: ["uploads"], exclude: ["tmp"] } };
    const before = await serviceFingerprint(source({ services }), "a");
    write("a/uploads/picture", "x");
    write("a/tmp/cache", "x");
    expect(await serviceFingerprint(source({ services }), "a")).toBe(before);
  });

  test("a rename, a run bit moved to another name and a link's target count", async () => {
    const all = new Set<string>();
    const add = async () => all.add(await fingerprint(root, { root, without: [] }));
    await add();
    symlinkSync("server.js", join(root, "a/link"));
    await add();
    rmSync(join(root, "a/link"));
    symlinkSync("other.js", join(root, "a/link"));
    await add();
    write("a/renamed.js", "one");
    rmSync(join(root, "a/server.js"));
    await add();
    expect(all.size).toBe(4);
  });

  test("links in a circle and links to nowhere are links", async () => {
    symlinkSync(root, join(root, "a/up"));
    symlinkSync("y", join(root, "a/x"));
    symlinkSync("x", join(root, "a/y"));
    symlinkSync("/no/such/place", join(root, "a/nowhere"));
    await expect(fingerprint(root, { root, without: [] })).resolves.toMatch(/^[0-9a-f]+$/);
    await copyTree(join(state, "copy"), { root, without: [state], ownDependencies: [] });
    expect(lstatSync(join(state, "copy/a/up")).isSymbolicLink()).toBe(true);
    expect(readlinkSync(join(state, "copy/a/nowhere"))).toBe("/no/such/place");
  });

  test("an unreadable file or folder is named", async () => {
    chmodSync(root, 0o755);
    write("a/private.key", "x");
    chmodSync(join(root, "a/private.key"), 0o000);
    const look = () => unprivileged(() => fingerprint(root, { root, without: [] }));
    await expect(look()).rejects.toMatchObject({ code: "SM-RELEASE-READ", exitCode: 2 });
    await expect(look()).rejects.toThrow(/private\.key/);
    chmodSync(join(root, "a/private.key"), 0o644);
    chmodSync(join(root, "a"), 0o000);
    await expect(look()).rejects.toMatchObject({ code: "SM-RELEASE-READ" });
    chmodSync(join(root, "a"), 0o755);
  });

  test("a folder that is not there is named", async () => {
    const services = { a: { path: "nowhere", data: [], exclude: [] } };
    await expect(serviceFingerprint(source({ services }), "a")).rejects.toMatchObject({ code: "SM-START-FOLDER" });
  });
});

describe("releases", () => {
  const release = (change: Partial<ReleasedService> = {}) => ({ name: "r1", services: { a: released(change) } });
  const copied = (path: string) => join(state, "releases/r1/files", path);

  test("are copies: a later change of the project does not reach them", async () => {
    expect(await holdsRelease(state, "r1")).toBe(false);
    await prepareRelease(source(), release(), ["a"], context);
    expect(await holdsRelease(state, "r1")).toBe(true);
    write("a/server.js", "changed");
    await prepareRelease(source(), release(), ["a"], context);
    expect(readFileSync(copied("a/server.js"), "utf8")).toBe("one");
    expect(existsSync(copied(".stationmaster"))).toBe(false);
  });

  test("the secrets beside the manifest stay out; a service's own .env is its own business", async () => {
    const before = await serviceFingerprint(source(), "a");
    const files = [".env", ".env.production", ".env.example", "a/.env"];
    for (const path of files) write(path, "API_KEY=x\n");
    await prepareRelease(source(), release(), ["a"], context);
    expect(files.filter((path) => existsSync(copied(path)))).toEqual([".env.example", "a/.env"]);
    expect(await serviceFingerprint(source(), "a")).not.toBe(before);
    const services = { a: { path: ".", data: [], exclude: [] } };
    const whole = await serviceFingerprint(source({ services }), "a");
    write(".env", "API_KEY=changed\n");
    expect(await serviceFingerprint(source({ services }), "a")).toBe(whole);
  });

  test("a half-made copy is made anew", async () => {
    mkdirSync(join(state, "releases/r1/files.partial/a"), { recursive: true });
    writeFileSync(join(state, "releases/r1/files.partial/a/server.js"), "half");
    await prepareRelease(source(), release(), ["a"], context);
    expect(readFileSync(copied("a/server.js"), "utf8")).toBe("one");
    expect(existsSync(join(state, "releases/r1/files.partial"))).toBe(false);
  });

  test("data folders are one and the same in all of them", async () => {
    const services = { a: { path: "a", data: ["var/uploads"], exclude: [] } };
    await prepareRelease(source({ services }), release({ data: ["var/uploads"] }), ["a"], context);
    writeFileSync(copied("a/var/uploads/picture"), "x");
    const next = { ...release({ data: ["var/uploads"] }), name: "r2" };
    await prepareRelease(source({ services }), next, ["a"], context);
    expect(readFileSync(join(state, "releases/r2/files/a/var/uploads/picture"), "utf8")).toBe("x");
    await pruneReleases(state, ["r2"]);
    expect(existsSync(join(state, "releases/r1"))).toBe(false);
    expect(readFileSync(join(state, "data/a/var/uploads/picture"), "utf8")).toBe("x");
  });

  test("dependencies are linked, or copied where a build would change them", async () => {
    write("a/node_modules/x/index.js", "x");
    await prepareRelease(source(), release(), ["a"], context);
    expect(lstatSync(copied("a/node_modules")).isSymbolicLink()).toBe(true);
    const built = { ...release({ build: ["sh", "-c", "echo y > node_modules/x/index.js"] }), name: "r2" };
    await prepareRelease(source(), built, ["a"], context);
    expect(readFileSync(join(root, "a/node_modules/x/index.js"), "utf8")).toBe("x");
    expect(readFileSync(join(state, "releases/r2/files/a/node_modules/x/index.js"), "utf8")).toBe("y\n");
  });

  test("a build runs once; one that failed runs again", async () => {
    const build = ["sh", "-c", "echo run >> ../count; test -f ok"];
    await expect(prepareRelease(source(), release({ build }), ["a"], context)).rejects.toMatchObject({
      code: "SM-BUILD-FAILED",
    });
    writeFileSync(copied("a/ok"), "");
    await prepareRelease(source(), release({ build }), ["a"], context);
    await prepareRelease(source(), release({ build }), ["a"], context);
    expect(readFileSync(copied("count"), "utf8")).toBe("run\nrun\n");
  });
});
