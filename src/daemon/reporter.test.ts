import { DrizzleQueryError } from "drizzle-orm/errors";
import pg from "pg";
import { expect, test } from "vitest";
import { ExternalError } from "../core/errors.ts";
import { createReporter } from "./reporter.ts";

function reporter() {
  const lines: string[] = [];
  let time = 0;
  const made = createReporter((line) => lines.push(line), {
    redact: (text) => text.replaceAll("planted", "•••"),
    now: () => time,
  });
  const pass = (ms: number) => {
    time += ms;
  };
  return { ...made, lines, pass };
}

/** What a pool says of a server that is not there. */
async function refused(): Promise<unknown> {
  const client = new pg.Client({ host: "/tmp/nothing-listens-here", user: "x", database: "x" });
  return await client.connect().then(
    () => undefined,
    (error: unknown) => error,
  );
}

test("a store that goes away is one line, whatever fails because of it, and one when it is back", async () => {
  const { report, storeAnswers, lines, pass } = reporter();
  const cause = await refused();
  const copy = { ...(cause as object), message: "from a library", queue: "rollout.run" };
  for (const error of [cause, new DrizzleQueryError("select 1", [], cause as Error), copy]) report(error);
  report(Object.assign(new Error("terminating connection"), { code: "57P01" }));
  pass(10 * 60_000);
  report(new Error("Connection terminated unexpectedly"));
  storeAnswers();
  storeAnswers();
  expect(lines).toEqual([
    "the store does not answer; users are served, and it is tried again",
    "the store answers again",
  ]);
  report(cause);
  expect(lines).toHaveLength(3);
});

test("other failures are one readable line without values and secrets, at most once a minute", () => {
  const { report, lines, pass } = reporter();
  const gone = new ExternalError({
    code: "SM-ROUTER-CALL",
    message: "no answer",
    cause: { code: "ECONNREFUSED", syscall: "connect" },
  });
  const syntax = new DrizzleQueryError("select planted", ["planted"], new Error("syntax error near planted"));
  for (const error of [gone, gone, syntax, { message: "a copy\nof an error", queue: "x" }]) report(error);
  const said = [
    "SM-ROUTER-CALL: no answer",
    "SM-STORE-QUERY: the database refused: syntax error near •••",
    "SM-BUG: a copy of an error",
  ];
  expect(lines).toEqual(said);
  pass(61_000);
  report(gone);
  expect(lines).toEqual([...said, "SM-ROUTER-CALL: no answer"]);
});
