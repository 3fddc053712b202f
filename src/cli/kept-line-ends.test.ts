import { expect, it } from "vitest";
import { encodeLike } from "./kept-line-ends.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

it.each([
  ["all as they were", "a\r\nb\r\n", "a\nx\nb\n", "a\r\nx\r\nb\r\n"],
  ["each as it was", "a\nb\r\nc\nd", "a\nb2\nc\nd", "a\nb2\nc\nd"],
  ["lines that were taken out", "version: 3\r\n\r\na\nb\r\n", "a\nb\n", "a\nb\r\n"],
  ["a mark at the start", "\uFEFFa\r\nb", "a\nc\nb", "\uFEFFa\r\nc\r\nb"],
  ["old ends of one sign", "a\rb\r\nc\n", "a\nb\nd\n", "a\rb\r\nd\r\n"],
  ["no line end at all", "a", "a\nb\n", "a\nb\n"],
  ["nothing changed", "a\r\nb\nc", "a\nb\nc", "a\r\nb\nc"],
])("%s", (_, old, text, expected) => {
  expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(encodeLike(bytes(old), text))).toBe(expected);
});
