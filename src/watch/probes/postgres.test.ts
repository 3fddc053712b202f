import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../../store/testing.ts";
import { listen, run, spec } from "./testing.ts";

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
