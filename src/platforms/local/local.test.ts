import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../../test/lab/until.ts";
import type { LogLine } from "../../contract/requests.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import { inheritedEnvironment } from "./environment.ts";
import { copyTree, fingerprint } from "./files.ts";
import { followLog, rotateLog, tailLog } from "./logs.ts";
import { freePort } from "./ports.ts";
import { holdsRelease, prepareRelease, pruneReleases, type ReleaseSource, serviceFingerprint } from "./releases.ts";
import { createUnits } from "./units.ts";

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

function released(change: Partial<ReleasedService> = {}): ReleasedService {
  return {
    kind: "worker",
    hash: "h",
    parts: { start: "", env: "", files: "", settings: "" },
    start: ["sleep", "60"],
    build: null,
    env: {},
    path: "a",
    replicas: 1,
    health: null,
    drainMs: 1_000,
    graceMs: 1_000,
    startupMs: 1_000,
    data: [],
    ...change,
  };
}

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

describe("units", () => {
  test("a service gets what is meant for it and no more", async () => {
    process.env.LAB_CANARY = "must not be inherited";
    await prepareRelease(source(), { name: "r1", services: { a: released() } }, ["a"], context);
    const units = createUnits({ stateDir: state });
    const service = released({
      kind: "http",
      start: ["sh", "-c", 'env; echo "arg $0"; sleep 60', "${PORT}-${GIVEN}-${UNKNOWN}"],
    });
    const target = { app: "shop", environment: "local", service: "a" };
    const request = {
      id: "a-1",
      target,
      release: { name: "r1", services: { a: service } },
      environment: { GIVEN: "g" },
    };
    const address = await units.start(request);
    const log = await until("its log", () => {
      const text = readFileSync(address.log ?? "", "utf8");
      return text.includes("arg ") && text;
    });
    delete process.env.LAB_CANARY;
    expect(log).not.toContain("must not be inherited");
    for (const line of [
      `PORT=${address.port}`,
      "RELEASE=r1",
      "SERVICE=a",
      "ENVIRONMENT=local",
      "GIVEN=g",
      `arg ${address.port}-g-\${UNKNOWN}`,
    ])
      expect(log.split("\n")).toContain(line);
    // A controller that only knows the id finds it again.
    expect(await createUnits({ stateDir: state }).observe({ id: "a-1", target, address: {} })).toMatchObject({
      alive: true,
      address: { pid: address.pid },
    });
    await units.stop({ id: "a-1", target, address: {} }, 5_000);
    expect((await units.observe({ id: "a-1", target, address })).alive).toBe(false);
  });

  test("a log that cannot be written is said, and a full one does not stop a start", async () => {
    await prepareRelease(source(), { name: "r1", services: { a: released() } }, ["a"], context);
    const units = createUnits({ stateDir: state });
    const target = { app: "shop", environment: "local", service: "a" };
    const start = (id: string) =>
      units.start({
        id,
        target,
        release: { name: "r1", services: { a: released({ start: ["sh", "-c", "echo x; exec sleep 60"] }) } },
        environment: {},
      });
    mkdirSync(join(state, "logs/a"), { recursive: true });
    symlinkSync("/dev/full", join(state, "logs/a/full.log"));
    const address = await start("full");
    expect((await units.observe({ id: "full", target, address })).alive).toBe(true);
    expect(await tailLog("full", join(state, "logs/a/full.log"), 10)).toEqual([]);
    await units.stop({ id: "full", target, address }, 1_000);
    mkdirSync(join(state, "logs/a/folder.log"));
    await expect(start("folder")).rejects.toMatchObject({ code: "SM-LOG-OPEN" });
    rmSync(join(state, "logs"), { recursive: true });
    writeFileSync(join(state, "logs"), "in the way");
    await expect(start("file")).rejects.toMatchObject({ code: "SM-LOG-OPEN" });
  });

  test("nothing of ours and no secret is in the inherited environment", () => {
    const given = {
      PATH: "/a:/b",
      HOME: "/h",
      DATABASE_URL: "x",
      AWS_SECRET_ACCESS_KEY: "x",
      STATIONMASTER_TOKEN: "x",
      npm_config_x: "x",
      LANG: "C",
    };
    expect(inheritedEnvironment(given)).toEqual({ PATH: "/a:/b", HOME: "/h", LANG: "C" });
  });

  test("a free port is one that nobody has", async () => {
    const taken = new Set<number>();
    for (let i = 0; i < 20; i++) taken.add(await freePort(taken));
    expect(taken.size).toBe(20);
    const port = [...taken][0] ?? 0;
    const server = createServer().listen(port, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    expect(await freePort(new Set())).not.toBe(port);
    server.close();
  });
});

describe("logs", () => {
  const file = () => join(root, "unit.log");

  test("the last lines, also across a rotation, long ones cut", async () => {
    writeFileSync(`${file()}.1`, "1\n2\n3\n");
    writeFileSync(file(), `4\n${"x".repeat(20_000)}\n`);
    const lines = await tailLog("u", file(), 3);
    expect(lines.map(({ text }) => text.length)).toEqual([1, 1, 8_000]);
    expect(lines[0]?.text).toBe("3");
    expect(await tailLog("u", join(root, "absent.log"), 3)).toEqual([]);
  });

  test("are followed through a rotation, and a letter cut in two comes whole", async () => {
    const seen: LogLine[] = [];
    const end = new AbortController();
    writeFileSync(file(), "before\n");
    const following = followLog("u", file(), (line) => seen.push(line), end.signal);
    await new Promise((done) => setTimeout(done, 300));
    const euro = Buffer.from("one €\n");
    appendFileSync(file(), euro.subarray(0, 5));
    await new Promise((done) => setTimeout(done, 500));
    appendFileSync(file(), euro.subarray(5));
    await until("the first line", () => seen.length === 1);
    truncateSync(file(), 0);
    appendFileSync(file(), "2\n");
    await until("the second line", () => seen.length === 2);
    end.abort();
    await following;
    expect(seen.map(({ text }) => text)).toEqual(["one €", "2"]);
  });

  test("rotation keeps three old ones and the writer's open file", async () => {
    const big = "y".repeat(10_000_001);
    for (let i = 0; i < 5; i++) {
      appendFileSync(file(), big);
      await rotateLog(file());
      expect(readFileSync(file(), "utf8")).toBe("");
    }
    expect([1, 2, 3, 4].map((n) => existsSync(`${file()}.${n}`))).toEqual([true, true, true, false]);
  });

  test("a full disk: the log is emptied even when there is no room to keep it", async () => {
    appendFileSync(file(), "y".repeat(10_000_001));
    mkdirSync(`${file()}.1/occupied`, { recursive: true });
    mkdirSync(`${file()}.2/occupied`, { recursive: true });
    mkdirSync(`${file()}.3/occupied`, { recursive: true });
    await rotateLog(file());
    expect(readFileSync(file(), "utf8")).toBe("");
  });
});
