import { expect, test } from "vitest";
import { lastServed } from "./settle.ts";

test("each environment keeps its own way back, however often another one is deployed", () => {
  const served = [
    { env: "two", release: "r4" },
    { env: "two", release: "r3" },
    { env: "two", release: "r4" },
    { env: "two", release: "r2" },
    { env: "one", release: "r1" },
    { env: "one", release: "r0" },
  ];
  expect(lastServed(served, 2)).toEqual(["r4", "r3", "r1", "r0"]);
  expect(lastServed(served, 1)).toEqual(["r4", "r1"]);
});
