import { createServer } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../../store/testing.ts";
import { listen, run, spec } from "../testing.ts";
import { createAuthority, missingOpenssl } from "../tls/testing.ts";
import { lagOf } from "./figures.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const ask = (postgres: string, timeoutMs?: number) => run(spec("postgres", { postgres } as never, timeoutMs));

test("a database that answers is ok; one that is not there, or a server that is not, is told apart", async () => {
  expect(await ask(database.url)).toMatchObject({ outcome: "ok" });
  const absent = database.url.replace(/\/[^/?]*(\?|$)/, "/absent$1");
  expect(await ask(absent)).toMatchObject({ outcome: "fail", class: "query", family: "data" });
  expect(await ask("postgres:///x?host=/nowhere")).toMatchObject({ outcome: "fail", class: "refused" });
  const closed = createServer();
  const port = await listen(closed);
  closed.close();
  expect(await ask(`postgres://u@127.0.0.1:${port}/x`)).toMatchObject({ outcome: "fail", class: "refused" });
});

test("a server that says nothing is given up at the deadline", async () => {
  const port = await listen(createServer(() => {}));
  expect(await ask(`postgres://u@127.0.0.1:${port}/x`, 300)).toMatchObject({
    outcome: "fail",
    class: "connect-timeout",
  });
});

if (missingOpenssl) console.log(`postgres over TLS: skipped, ${missingOpenssl}`);

test.each([["from the beginning", null] as const, ...(missingOpenssl ? [] : [["over TLS", "S"] as const])])(
  "a server that sends without end %s is left soon, and fills no memory",
  async (_what, upgrade) => {
    let sent = 0;
    const flood = Buffer.alloc(64 * 1024, "a");
    const pour = (socket: Duplex) => {
      const more = () => {
        while (!socket.destroyed && socket.write(flood)) sent += flood.length;
      };
      socket.on("error", () => {}).on("drain", more);
      more();
    };
    const port = await listen(
      createServer((socket) => {
        if (upgrade === null) return pour(socket);
        socket.once("data", () => {
          socket.write(upgrade);
          const authority = createAuthority();
          const secure = new TLSSocket(socket, { isServer: true, ...authority.selfSigned("localhost") });
          authority.remove();
          secure.on("error", () => {}).once("secure", () => pour(secure));
        });
      }),
    );
    const mode = upgrade === null ? "" : "?sslmode=no-verify";
    expect(await ask(`postgres://u@127.0.0.1:${port}/x${mode}`, 20_000)).toMatchObject({
      ...{ outcome: "fail", class: "query", family: "data", detail: "the server sent more than 16 MiB" },
    });
    expect(sent).toBeLessThan(200 * 1024 ** 2);
  },
);

describe("limits", () => {
  /** A check as the manifest has it, resolved. */
  function withLimits(options: object, timeoutMs?: number) {
    const check = spec("postgres", {}, timeoutMs);
    return run({ ...check, options: { ...check.options, postgres: database.url, ...options } });
  }

  test("a query is asked as one statement that can change nothing, and ends with the run", async () => {
    expect(await withLimits({ query: "create table t (id int)" })).toMatchObject({
      ...{ outcome: "fail", class: "query" },
      detail: expect.stringContaining("read-only"),
    });
    expect(await withLimits({ query: "select 1; commit; create table t (id int)" })).toMatchObject({ class: "query" });
    expect(await withLimits({ query: "select pg_sleep(30)" }, 400)).toMatchObject({
      outcome: "fail",
    });
    expect(await withLimits({ query: "select count(*) from pg_class where relname = 't'", expect: "0" })).toMatchObject(
      {
        outcome: "ok",
      },
    );
  });

  test("the first row is looked at; an answer without end is cut short", async () => {
    const rows = (count: number) => ({ query: `select generate_series(1, ${count})`, expect: "1" });
    expect(await withLimits(rows(10_000))).toMatchObject({ outcome: "ok" });
    expect(await withLimits(rows(1_000_000_000))).toMatchObject({
      ...{ outcome: "fail", class: "query", family: "data" },
      detail: "the query answers more than 10000 rows",
    });
  });

  test.each([
    ["select 7", "7", "ok"],
    ["select 7", "8", "fail"],
    ["select 'ready'", { matches: "^rea" }, "ok"],
    ["select 7", { above: 7 }, "fail"],
    ["select 7.5", { above: 7 }, "ok"],
    ["select null", null, "ok"],
    ["select 1 where false", { exists: true }, "fail"],
  ])("%s, expecting %j, is %s", async (query, wanted, outcome) => {
    expect(await withLimits({ query, expect: wanted })).toMatchObject({
      outcome,
      ...(outcome === "fail" ? { class: "assertion", detail: expect.stringContaining("the first column") } : {}),
    });
  });

  test("connections near their limit are told with figures, and are no outage", async () => {
    expect(await withLimits({ max_connections: 100 })).toMatchObject({
      outcome: "ok",
      facts: { connections: expect.any(Number), connectionsMost: expect.any(Number) },
    });
    const near = await withLimits({ max_connections: 0.1 });
    expect(near).toMatchObject({ outcome: "slow", class: "full", family: "capacity" });
    expect(near.detail).toMatch(/^\d+ of \d+ connections are open, the limit is 0.1 %$/);
  });

  test("a server that nothing copies has no lag to tell", async () => {
    expect(await withLimits({ max_lag: 1_000 })).toMatchObject({
      ...{ outcome: "fail", class: "lag", family: "data", detail: "no copy is connected" },
    });
  });

  test.each([
    ["a copy that has replayed all it gets", { copy: true, streaming: true, caught: true, replayed: 9_000 }, 0],
    ["a copy that is cut off", { copy: true, streaming: false, caught: true, replayed: 9_000 }, 9_000],
    ["a copy that is behind", { copy: true, streaming: true, caught: false, replayed: 3_000 }, 3_000],
    ["the slowest of its copies", { copy: false, copies: 2, behind: 70 }, 70],
    ["a new copy", { copy: true, streaming: false, caught: false, replayed: null }, null],
  ])("%s", (_what, found, ms) => {
    const known = { copy: false, streaming: false, caught: false, replayed: null, copies: 0, behind: null };
    expect(lagOf({ ...known, ...found }).ms).toBe(ms);
  });
});
