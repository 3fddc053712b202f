import { DrizzleQueryError } from "drizzle-orm/errors";
import { expect, test } from "vitest";
import { loggedError } from "./index.ts";

test("the log of the server holds no statement with its values", () => {
  const query = "insert into incident values ($1)";
  const error = new DrizzleQueryError(query, ["planted-value"], new Error("connection refused"));
  expect(JSON.stringify(loggedError(error))).not.toMatch(/planted-value|insert into/);
  expect(loggedError(error)).toMatchObject({ code: "SM-STORE-QUERY", message: expect.stringContaining("refused") });
  expect(loggedError(new TypeError("x is undefined"))).toMatchObject({ code: "SM-BUG", stack: expect.any(String) });
});
