import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../../store/testing.ts";
import { copyDatabase, databaseName, dropDatabase, onDatabase } from "./databases.ts";

let server: Awaited<ReturnType<typeof createTestDatabase>>;
let template: Awaited<ReturnType<typeof createTestDatabase>>;
const name = databaseName({ app: "shop", env: `br-${process.pid}` }, "db");
const nameOf = (url: string) => /\/([^/?]*)(?:\?|$)/.exec(url)?.[1] ?? "";

beforeAll(async () => {
  server = await createTestDatabase();
  template = await createTestDatabase();
  await query(template.url, "create table item as select 42 as id");
});
afterEach(() => dropDatabase(server.url, name));
afterAll(async () => {
  await server.drop();
  await template.drop();
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}
let recorded = 0;
const record = async () => {
  recorded += 1;
};
const copy = (begun = false) => copyDatabase(server.url, { name, template: nameOf(template.url), begun, record });

test("a preview gets a copy of the template, and writes into nothing else", async () => {
  await copy();
  const own = onDatabase(server.url, name);
  await query(own, "insert into item values (43)");
  expect(await query(own, "select count(*)::int n from item")).toEqual([{ n: 2 }]);
  expect(await query(template.url, "select count(*)::int n from item")).toEqual([{ n: 1 }]);
});

test("an attempt that was cut off is taken over, a database of somebody else is not", async () => {
  await copy();
  await copy(true);
  const before = recorded;
  await expect(copy()).rejects.toMatchObject({ code: "SM-PREVIEW-DATABASE", message: expect.stringContaining(name) });
  expect(recorded).toBe(before);
});

test("a template in use is refused with what to do; dropped is dropped, and twice is fine", async () => {
  const user = new pg.Client({ connectionString: template.url });
  user.on("error", () => {});
  await user.connect();
  await expect(copy()).rejects.toMatchObject({ code: "SM-PREVIEW-TEMPLATE", next: expect.stringContaining("backup") });
  await user.end();
  await copy();
  await dropDatabase(server.url, name);
  await dropDatabase(server.url, name);
  await expect(query(onDatabase(server.url, name), "select 1")).rejects.toMatchObject({ code: "3D000" });
});

test("a template that is not there, and a server that is not", async () => {
  await expect(copyDatabase(server.url, { name, template: "no_such", begun: false, record })).rejects.toMatchObject({
    code: "SM-PREVIEW-TEMPLATE",
  });
  await expect(dropDatabase("postgres://127.0.0.1:1/x", name)).rejects.toMatchObject({
    code: "SM-PREVIEW-DATABASE",
    retryable: true,
  });
});

test.each([
  ["postgres://u:p@h:1/app?sslmode=require", "postgres://u:p@h:1/x?sslmode=require"],
  ["postgres://u@/app?host=/tmp/s", "postgres://u@/x?host=/tmp/s"],
  ["postgres://h", "postgres://h/x"],
])("%s on another database", (address, other) => expect(onDatabase(address, "x")).toBe(other));

test("names are those of the preview, never too long", () => {
  expect(databaseName({ app: "shop", env: "pr-7" }, "db")).toBe("shop_pr-7_db");
  const long = databaseName({ app: "a".repeat(40), env: `br-${"b".repeat(37)}` }, "db");
  expect(long).toHaveLength(63);
  expect(long).not.toBe(databaseName({ app: "a".repeat(40), env: `br-${"b".repeat(36)}c` }, "db"));
});
