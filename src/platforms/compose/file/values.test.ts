import { expect, test } from "vitest";
import { sizeBytes } from "./values.ts";

test.each([
  [1024, 1024],
  ["512m", 512 * 1024 ** 2],
  ["1.5gb", 1.5 * 1024 ** 3],
  ["2GiB", 2 * 1024 ** 3],
  ["100b", 100],
  ["100", 100],
  ["-1", 0],
  [-1, 0],
])("%s is %d bytes", (size, bytes) => {
  expect(sizeBytes(size)).toBe(bytes);
});
