import { expect, test } from "vitest";
import { clip, printable } from "./text.ts";

test.each([
  ["hello \0 binary", "hello � binary"],
  ["half \ud83d of one, \udca9 the other, 💩 both", "half � of one, � the other, 💩 both"],
  ["a\tb\nc\r\nd\r", "a\tb\nc\nd"],
  ["10 %\r20 %", "10 %�20 %"],
  ["\x1b[1;31merror\x1b[0m: no\x1b]0;title\x07\x9b", "error: no�]0;title��"],
  ["", ""],
])("%j is shown as %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
  expect(printable(shown)).toBe(shown);
});

test("a hostile text is read once", () => {
  const texts = ["\x1b[", "\x1b[1;", "\x1b]8;;http://a", "\r", "\x9b;"].map((part) => part.repeat(100_000));
  const begin = performance.now();
  for (const text of texts) printable(text);
  expect(performance.now() - begin).toBeLessThan(5_000);
});

test.each([
  ["abcdef", 6, "abcdef"],
  ["abcdefg", 6, "abcde…"],
  ["abcd💩g", 6, "abcd�…"],
  ["\ud800", 6, "�"],
])("%j within %i characters", (text, length, cut) => {
  expect(clip(text, length)).toBe(cut);
});
