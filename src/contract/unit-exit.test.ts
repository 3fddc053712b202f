import { expect, test } from "vitest";
import { howItEnded } from "./unit-exit.ts";

test.each([
  [{ code: 1, signal: null }, "exited with code 1"],
  [{ code: 139, signal: "SIGSEGV" }, "was ended by SIGSEGV"],
  [
    { code: 137, signal: "SIGKILL", outOfMemory: { limit: 64 * 2 ** 20 } },
    "ran out of memory (limit 64 MiB) and was killed",
  ],
  [{ code: 137, signal: "SIGKILL", outOfMemory: { limit: null } }, "ran out of memory and was killed"],
])("%j", (exit, text) => {
  expect(howItEnded(exit)).toBe(text);
});
