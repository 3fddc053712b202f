import { expect, test } from "vitest";
import { excerpt } from "./excerpt.ts";

const noise = (count: number, what = "GET / 200") => Array.from({ length: count }, (_, i) => `${what} ${i}`);
const frames = noise(60, "    at com.example.Shop.run");

test.each([
  { what: "Node", head: "TypeError: cannot read x of undefined" },
  { what: "a class of a module", head: "PrismaClient.KnownRequestError: no such table" },
  { what: "Java", head: 'Exception in thread "main" java.lang.IllegalStateException: no port' },
  { what: "Java, without a thread", head: "java.lang.IllegalStateException: no port" },
  { what: "Python", head: "Traceback (most recent call last):" },
  { what: "Go", head: "panic: runtime error: index out of range" },
  { what: "PostgreSQL", head: "FATAL:  password authentication failed" },
  { what: "JSON", head: '{"level":"error","message":"no database"}' },
])("keeps the head of a long trace: $what", ({ head }) => {
  const lines = [...noise(100), head, ...frames, "bye"];
  const found = excerpt(lines, 30);
  expect(found).toHaveLength(30);
  expect(found.slice(0, 5)).toEqual(["GET / 200 97", "GET / 200 98", "GET / 200 99", head, frames[0]]);
  expect(found).toContain("… 36 more lines …");
  expect(found.at(-1)).toBe("bye");
});

test.each([
  { what: "a short log is whole", lines: ["error: a", "b"] },
  { what: "the cause is among the last lines", lines: [...noise(50), "panic: no", ...noise(10)] },
  { what: "nothing says why", lines: noise(50) },
  { what: "words that only sound like it", lines: [...noise(5, "0 errors, errored=false"), ...noise(50)] },
])("else the last lines: $what", ({ lines }) => {
  expect(excerpt(lines, 30)).toEqual(lines.slice(-30));
});

test("the report of a death counts more than a complaint before it", () => {
  const lines = ["error: cache is cold", ...noise(50), "panic: no port", ...frames];
  expect(excerpt(lines, 30)[3]).toBe("panic: no port");
});

test("a cause in the first line", () => {
  const found = excerpt(["panic: at once", ...frames], 30);
  expect([found[0], found.length, found.at(-1)]).toEqual(["panic: at once", 30, frames.at(-1)]);
});
