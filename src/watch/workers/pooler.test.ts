import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import { openSession } from "./session.ts";

let store: TestStore;
const closing: (() => void)[] = [];
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  for (const close of closing) close();
  await store.drop();
});

/** ReadyForQuery outside a transaction: the last of what a server says before others may have it. */
const IDLE = Buffer.from("Z\0\0\0\u0005I");

/** What a pooler does between client and server once both have signed in. */
interface Lane {
  client: Socket;
  server: Socket | undefined;
}

/** A pooler in transaction mode: every client signs in with a session of its own, and then gets any that is free for one transaction. */
async function startPooler(target: URL, order: "last" | "first"): Promise<string> {
  const free: Socket[] = [];
  const waiting: (() => void)[] = [];
  const lanes = new Map<Socket, Lane>();
  const proxy = createServer((client) => {
    const socketFolder = target.searchParams.get("host");
    const port = Number(target.port || 5432);
    const server = socketFolder
      ? connect(`${socketFolder}/.s.PGSQL.${port}`)
      : connect({ host: target.hostname, port });
    const lane: Lane = { client, server };
    lanes.set(server, lane);
    closing.push(() => server.destroy());
    server.on("error", () => {});
    client.on("error", () => {});
    server.on("data", (data) => {
      const owner = lanes.get(server);
      owner?.client.write(data);
      if (!owner || !data.subarray(-IDLE.length).equals(IDLE)) return;
      owner.server = undefined;
      lanes.delete(server);
      free.push(server);
      waiting.shift()?.();
    });
    client.on("data", (data) => {
      if (data[0] === 0x58) return;
      const send = () => {
        if (!lane.server) {
          lane.server = order === "last" ? free.pop() : free.shift();
          if (!lane.server) return void waiting.push(send);
          lanes.set(lane.server, lane);
        }
        lane.server.write(data);
      };
      send();
    });
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  closing.push(() => proxy.close());
  const url = new URL(target);
  url.searchParams.delete("host");
  url.hostname = "127.0.0.1";
  url.port = String((proxy.address() as AddressInfo).port);
  return url.href;
}

const open = (url: string) =>
  openSession({ store: { url, schema: store.schema }, environment: "pooled", onNotice: () => {}, onLost: () => {} });

test.each(["last", "first"] as const)(
  "a pooler in transaction mode that lends the %s free session is refused",
  async (order) => {
    const url = await startPooler(new URL(store.url.replace("@/", "@localhost/")), order);
    await expect(open(url)).rejects.toMatchObject({ code: "SM-WORKER-POOLER" });
  },
);

test("the database itself is not, nor is it while others work", async () => {
  const busy = setInterval(() => void store.pool.query("select pg_sleep(0.01)").catch(() => {}), 5);
  const session = await open(store.url);
  clearInterval(busy);
  expect((await session.take([1, 2, 3], "wrk-a")).size).toBe(3);
  await session.end();
});
