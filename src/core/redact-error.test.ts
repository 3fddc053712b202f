import { DrizzleQueryError } from "drizzle-orm";
import { expect, test } from "vitest";
import { ExternalError, toKnownError, UserError } from "./errors.ts";
import { createRedactor } from "./redact.ts";
import { redactError, withRedactedErrors } from "./redact-error.ts";

const VALUE = "correct horse";
const redact = createRedactor([VALUE]);
const everything = (error: Error): string =>
  [
    error.message,
    error.stack,
    JSON.stringify(error),
    error.cause instanceof Error ? everything(error.cause) : "",
  ].join();

test("message, next step, stack and causes lose the value; kind, code and exit code stay", () => {
  const inner = new TypeError(`no ${VALUE}`);
  const error = new UserError({ code: "SM-X", message: `bad ${VALUE}`, next: `try ${VALUE}`, cause: inner });
  inner.cause = error;
  const found = redactError(error, redact);
  expect(found).toBe(error);
  expect(found).toMatchObject({ code: "SM-X", message: "bad •••", next: "try •••", exitCode: 2 });
  expect(inner).toMatchObject({ name: "TypeError", message: "no •••" });
  expect(`${error.stack} ${inner.stack}`).not.toContain(VALUE);
});

test("what is no error of ours becomes one, also what cannot be assigned to", () => {
  const aborted = new DOMException(`waited for ${VALUE}`, "AbortError");
  for (const thrown of [`plain ${VALUE}`, new Error(VALUE), aborted])
    expect(everything(redactError(thrown, redact))).not.toContain(VALUE);
});

test("a failed query is told without its values, however often it is asked", () => {
  const values = ["any value at all", 17];
  const failed = new DrizzleQueryError("insert into t values ($1, $2)", values, new Error("duplicate key"));
  for (const known of [toKnownError(failed), toKnownError(failed)]) {
    expect(known).toBeInstanceOf(ExternalError);
    expect(known.message).toBe("the database refused: duplicate key");
    expect(everything(known)).toContain("insert into t values ($1, $2)");
    expect(everything(known)).not.toContain("any value");
    expect(JSON.stringify(failed)).not.toContain("any value");
  }
});

test("functions answer as before, and what they throw is redacted", async () => {
  const fail = () => {
    throw new Error(`at once ${VALUE}`);
  };
  const guarded = withRedactedErrors(
    { good: async (a: number) => a + 1, sync: (a: number) => a * 2, late: async () => fail(), fail },
    redact,
  );
  expect(await guarded.good(1)).toBe(2);
  expect(guarded.sync(2)).toBe(4);
  await expect(guarded.late()).rejects.toThrow(/^at once •••$/);
  expect(() => guarded.fail()).toThrow(/^at once •••$/);
});
