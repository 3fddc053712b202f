import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createServer as createTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../../../../test/labs/missing.ts";
import { listen, run, spec } from "../testing.ts";
import { createAuthority, missingOpenssl } from "../tls/testing.ts";
import { judgeInfo, readInfo } from "./info.ts";
import { readReplies } from "./replies.ts";

const program = findProgram("redis-server");
if (!program) console.warn("redis checks are not tested: redis-server is not installed");

const PASSWORD = "redis-planted-secret";
const servers: ChildProcess[] = [];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A server of its own without files; resolves with its port when it answers. */
async function start(...more: string[]): Promise<number> {
  const port = await freePort();
  const fixed = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--requirepass", PASSWORD];
  const server = spawn(program ?? "", [...fixed, ...more], { stdio: ["ignore", "pipe", "ignore"] });
  servers.push(server);
  let said = "";
  for await (const chunk of server.stdout ?? []) {
    said += chunk;
    if (said.includes("Ready to accept connections")) break;
  }
  server.stdout?.resume();
  return port;
}

async function stop(server: ChildProcess | undefined): Promise<void> {
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  server.kill("SIGKILL");
  await once(server, "exit");
}

const url = (port: number, password = PASSWORD) => `redis://:${password}@127.0.0.1:${port}`;

function ask(redis: string, limits: object = {}, timeoutMs?: number) {
  const check = spec("redis", {}, timeoutMs);
  return run({ ...check, options: { ...check.options, redis, ...limits } });
}

describe.skipIf(!program)("a redis server", () => {
  let port: number;
  beforeAll(async () => {
    port = await start("--maxmemory", "100mb", "--maxclients", "20");
  }, 30_000);
  afterAll(async () => {
    for (const server of servers.splice(0)) await stop(server);
  });

  test("that answers is ok, with its figures", async () => {
    expect(await ask(url(port))).toMatchObject({
      outcome: "ok",
      facts: { memoryUsed: expect.any(Number), memoryMost: 100 * 1024 * 1024, clients: 1 },
    });
  });

  test("of another role, and near its memory, is told apart", async () => {
    expect(await ask(url(port), { role: "primary", max_memory: 90 })).toMatchObject({ outcome: "ok" });
    expect(await ask(url(port), { role: "replica" })).toMatchObject({
      ...{ outcome: "fail", class: "assertion", detail: "the server is a primary, expected a replica" },
    });
    const near = await ask(url(port), { max_memory: 0.01 });
    expect(near).toMatchObject({ outcome: "slow", class: "full", family: "capacity" });
    expect(near.detail).toMatch(/^\d+\.\d MB of 104\.9 MB memory are used, the limit is 0.01 %$/);
  });

  test("that refuses the password says so without it", async () => {
    const refused = await ask(url(port, "wrong-planted-secret"));
    expect(refused).toMatchObject({ outcome: "fail", class: "query", family: "data" });
    expect(JSON.stringify(refused)).not.toContain("planted-secret");
  });

  test("that copies one which is gone does not serve what it should", async () => {
    const lost = await start("--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no");
    expect(await ask(url(lost), { role: "primary" })).toMatchObject({ outcome: "fail" });
  }, 30_000);

  test("that was killed, or never was there, refuses", async () => {
    const gone = await start();
    await stop(servers.at(-1));
    expect(await ask(url(gone))).toMatchObject({ outcome: "fail", class: "refused", family: "availability" });
  }, 30_000);
});

test("one that says nothing is given up at the deadline", async () => {
  const silent = await listen(createServer(() => {}));
  expect(await ask(url(silent), {}, 300)).toMatchObject({ outcome: "fail", family: "availability" });
});

test("one that talks something else is no redis", async () => {
  const other = await listen(createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
  expect(await ask(url(other))).toMatchObject({ outcome: "fail" });
});

test.each([
  ["a text without end", "$99999999999\r\n"],
  ["a line without end", "+"],
])("one that sends %s is left at once, and fills no memory", async (_what, beginning) => {
  let sent = 0;
  const flood = Buffer.alloc(64 * 1024, "a");
  const port = await listen(
    createServer((socket) => {
      const more = () => {
        while (!socket.destroyed && socket.write(flood)) sent += flood.length;
      };
      socket.on("drain", more).write(beginning);
      more();
    }),
  );
  expect(await ask(url(port), {}, 20_000)).toMatchObject({
    ...{ outcome: "fail", class: "query", family: "data", detail: "the answer to INFO does not end" },
  });
  expect(sent).toBeLessThan(32 * 1024 ** 2);
});

test.skipIf(missingOpenssl)("one whose certificate nobody vouches for is not asked", async () => {
  const authority = createAuthority();
  let asked = "";
  const server = createTls(authority.selfSigned("localhost"), (socket) => socket.on("data", (data) => (asked += data)));
  authority.remove();
  const refused = await ask(`rediss://:${PASSWORD}@127.0.0.1:${await listen(server)}`);
  expect(refused).toMatchObject({ outcome: "fail", class: "tls-invalid", family: "tls" });
  expect(asked).toBe("");
});

test("an address that is none is said to be", async () => {
  for (const address of ["cache.example.com", "http://127.0.0.1:1", "redis:"])
    expect(await ask(address)).toMatchObject({ class: "assertion", detail: "the address is not redis://host:port" });
});

test.each([
  ["+OK\r\n-ERR no\r\n$3\r\nä\n\r\n", [{ text: "OK" }, { error: "ERR no" }, { text: "ä\n" }]],
  ["+OK\r\n$3\r\nab", [{ text: "OK" }]],
  ["+O", []],
  ["$", []],
  ["*1\r\n", null],
  ["$-1\r\n", null],
])("of %j the complete replies are read", (text, replies) => {
  expect(readReplies(text)).toEqual(replies);
});

test("without a limit of its own the memory is that of the machine", () => {
  const info = readInfo("# Memory\r\nused_memory:900\r\nmaxmemory:0\r\ntotal_system_memory:1000\r\nrole:master\r\n");
  expect(judgeInfo(info, { max_memory: 95 }).failure).toBeNull();
  expect(judgeInfo(info, { max_memory: 90 }).failure).toMatchObject({ class: "full" });
});
