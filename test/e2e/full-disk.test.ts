import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Check } from "../../src/contract/check.ts";
import { startDaemon } from "../lab/daemon.ts";
import { type Lab, openLab } from "../lab/lab.ts";
import { type Night, nightService, openNight } from "../lab/night.ts";
import { type Outside, openOutside } from "../lab/outside.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let lab: Lab;
let night: Night;
let outside: Outside;
let mounted = false;

beforeAll(async () => {
  outside = await openOutside();
  const target = (name: string) => ({ url: outside.target(name), every: "1s", critical: true });
  lab = await openLab({
    store: "embedded",
    services: { app: nightService("app") },
    manifest: {
      checks: { well: target("well"), first: target("first"), second: target("second") },
      notify: { works: { kind: "webhook", url: outside.hook("works") } },
    },
  });
  mkdirSync(lab.state);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=200m,mode=755", "tmpfs", lab.state], { stdio: "ignore" });
    mounted = true;
  } catch {
    return;
  }
  night = openNight(lab);
  await startDaemon(lab);
});
beforeEach(({ skip }) => {
  if (!mounted) skip("a small file system needs root and mount");
});
afterAll(async () => {
  if (mounted) {
    const { code, stderr } = await lab.run(["down"]);
    if (code !== 0) throw new Error(`down: ${stderr}`);
    // Its last process may need a moment to end.
    await until("the end of its last process", () => spawnSync("umount", [lab.state]).status === 0);
  }
  await lab.close();
  outside.close();
});

const check = async (name: string) =>
  (await night.read<{ checks: Check[] }>("/api/checks")).checks.find(({ id }) => id === `local/check/${name}`);
const kindsOf = (name: string) =>
  outside
    .told("works")
    .filter(({ incident }) => incident.failedChecks.includes(`local/check/${name}`))
    .map(({ kind }) => kind);
const room = () => statfsSync(lab.state).bavail;

/** Takes all room of the state directory, and keeps taking it, until it is told to give it back. */
async function fillDisk(): Promise<() => void> {
  const ballast = join(lab.state, "ballast");
  const file = openSync(ballast, "w");
  const fill = (part: Buffer) => {
    try {
      for (;;) writeSync(file, part);
    } catch {
      // No room for more.
    }
  };
  fill(Buffer.alloc(1024 * 1024, "x"));
  const timer = setInterval(() => fill(Buffer.alloc(4096, "x")), 20);
  await until("a full disk", () => room() === 0);
  return () => {
    clearInterval(timer);
    closeSync(file);
    rmSync(ballast);
  };
}

/** What went on while nothing could be written down is told once, and of what was well there is nothing to tell. */
async function endsWell(name: string): Promise<void> {
  await until(`${name} is told`, () => kindsOf(name).includes("opened"), 90_000);
  outside.failing.delete(name);
  await until(`${name} recovers`, () => kindsOf(name).includes("recovering"), 90_000);
  expect(kindsOf(name)).toEqual(["opened", "recovering"]);
  await until("all is well", async () => (await check(name))?.verdict === "UP");
  expect(await check("well")).toMatchObject({ verdict: "UP", uptime24h: 1 });
  expect(kindsOf("well")).toEqual([]);
  expect(night.starts("app")).toBe(1);
}

test("the disk is full while something fails: it is told as soon as there is room, and once", async () => {
  await until("all is well", async () => (await check("first"))?.verdict === "UP");
  const empty = await fillDisk();
  try {
    outside.failing.set("first", 500);
    await until("a doubt", async () => (await check("first"))?.verdict !== "UP");
    await delay(10_000);
    expect((await check("well"))?.verdict).toBe("UP");
  } finally {
    empty();
  }
  await endsWell("first");
});

test("the database ends for want of room: the daemon goes on, and has it again with what it knew", async () => {
  await until("all is well", async () => (await check("second"))?.verdict === "UP");
  const empty = await fillDisk();
  const client = new pg.Client({ host: join(lab.state, "db/run"), user: "stationmaster", database: "postgres" });
  client.on("error", () => {});
  try {
    outside.failing.set("second", 500);
    await client.connect();
    // Each takes another file of 16 MB for its journal.
    await until("its end", () =>
      client.query("select pg_switch_wal(), pg_current_xact_id()").then(
        () => false,
        () => true,
      ),
    );
    await until("a refusal", () =>
      night.incidents().then(
        () => false,
        (error) => /SM-STORE/.test(String(error)),
      ),
    );
    await delay(5_000);
    expect((await check("second"))?.verdict).not.toBe("UP");
    expect((await check("well"))?.verdict).toBe("UP");
  } finally {
    await client.end().catch(() => {});
    empty();
  }
  await endsWell("second");
  expect(await night.read("/api/audit/verify")).toMatchObject({ intact: true });
});
