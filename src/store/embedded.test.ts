import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { kill, processesOf } from "../../test/lab/processes.ts";
import { until } from "../../test/lab/until.ts";
import { openStore } from "./connect.ts";
import { startEmbedded, stopEmbedded } from "./embedded.ts";

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join("/tmp", "stationmaster-store-"));
  chmodSync(made, 0o755);
  folders.push(made);
  return made;
}
afterEach(async () => {
  for (const dir of folders.splice(0)) {
    await stopEmbedded({ dir });
    expect(processesOf(dir)).toEqual([]);
    rmSync(dir, { recursive: true, force: true });
  }
});

async function answer(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query("select 41 + 1 as n")).rows[0].n;
  } finally {
    await client.end();
  }
}

test("starts, answers on a private socket only, stops, and starts again with its data", async () => {
  const dir = folder();
  const first = await startEmbedded({ dir });
  expect(first.adopted).toBe(false);
  expect(await answer(first.url())).toBe(42);
  expect(statSync(first.socketDir).mode & 0o077).toBe(0);
  const store = await openStore({ url: first.url() });
  expect((await store.pool.query("show listen_addresses")).rows).toEqual([{ listen_addresses: "" }]);
  await store.pool.query("create table kept as select 7 as n");
  await store.close();
  await first.stop();
  await expect(answer(first.url())).rejects.toThrow();
  const second = await startEmbedded({ dir });
  const again = await openStore({ url: second.url() });
  expect((await again.pool.query("select n from kept")).rows).toEqual([{ n: 7 }]);
  await again.close();
});

test("one that runs already is adopted, also by many at once", async () => {
  const dir = folder();
  const all = await Promise.all([1, 2, 3].map(() => startEmbedded({ dir })));
  expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
  expect(all.filter(({ adopted }) => !adopted).length).toBeLessThanOrEqual(1);
});

test("after a kill -9 the data are there, and pools that were open work again", async () => {
  const dir = folder();
  const first = await startEmbedded({ dir });
  const store = await openStore({ url: first.url() });
  await store.pool.query("create table kept as select 7 as n");
  kill(first.pid, "SIGKILL");
  await until("its end", () => processesOf(dir).length === 0);
  await expect(store.pool.query("select 1")).rejects.toThrow();
  const second = await startEmbedded({ dir });
  expect(second.adopted).toBe(false);
  expect((await until("the pool", () => store.pool.query("select n from kept"))).rows).toEqual([{ n: 7 }]);
  await store.close();
});

test("a pid file that names another process does no harm to it", async () => {
  const dir = folder();
  const server = await startEmbedded({ dir });
  await server.stop();
  const { writeFileSync, chownSync } = await import("node:fs");
  const { uid, gid } = statSync(server.dataDir);
  const file = join(server.dataDir, "postmaster.pid");
  writeFileSync(file, `${process.pid}\n${server.dataDir}\n0\n5432\n${server.socketDir}\n\n0 0\nready\n`);
  chownSync(file, uid, gid);
  await stopEmbedded({ dir });
  const again = await startEmbedded({ dir });
  expect(again.pid).not.toBe(process.pid);
  expect(await answer(again.url())).toBe(42);
});
