import { expect, test } from "vitest";
import { readIndex } from "./base-store.ts";

const ENTRY = { sha256: "00", kind: "compose", ownership: "managed" };
const NONE = { generator: "", files: {} };
const read = (value: unknown) => readIndex(() => (typeof value === "string" ? value : JSON.stringify(value)));

test("the list of what was generated", () => {
  const index = { generator: "0.1.0", project: "shop", plan: "ab", files: { "compose.yaml": ENTRY } };
  expect(read(index)).toEqual(index);
  expect(read({ ...index, more: 1, files: { a: { ...ENTRY, more: 1 }, "../out": ENTRY } })).toEqual({
    ...index,
    files: { a: ENTRY },
  });
  expect(read({ generator: "0.1.0", files: {} })).toEqual({ generator: "0.1.0", files: {} });
});

test.each<[string, unknown]>([
  ["no JSON", "{"],
  ["nothing", ""],
  ["a list", []],
  ["null", null],
  ["no generator", { files: {} }],
  ["no files", { generator: "0.1.0" }],
  ["files as a list", { generator: "0.1.0", files: [] }],
  ["a name that is none", { generator: "0.1.0", project: 1, files: {} }],
  ["a plan that is no hash", { generator: "0.1.0", plan: 1, files: {} }],
  ["an owner nobody knows", { generator: "0.1.0", files: { a: { ...ENTRY, ownership: "mine" } } }],
  ["a file without its hash", { generator: "0.1.0", files: { a: { kind: "compose", ownership: "seed" } } }],
  ["a file that is none", { generator: "0.1.0", files: { a: null } }],
])("%s counts as none", (_, value) => {
  expect(read(value)).toEqual(NONE);
});

test("a file that is not there", () => {
  expect(readIndex(() => undefined)).toEqual(NONE);
});
