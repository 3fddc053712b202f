import { expect, test } from "vitest";
import { sameMachine } from "./same-machine.ts";

test.each([
  [[], undefined],
  [
    [
      ["a", "e1 b1"],
      ["b", "e2 b1"],
      ["c", "e1 b2"],
    ],
    undefined,
  ],
  [
    [
      ["a", "e1 b1"],
      ["b", "e2 b2"],
      ["root@a", "e1 b1"],
    ],
    ["a", "root@a"],
  ],
] satisfies [[string, string][], [string, string] | undefined][])("%j: %j", (machines, twice) => {
  expect(sameMachine(machines)).toEqual(twice);
});
