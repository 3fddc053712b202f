import { expect, test } from "vitest";
import { loadComposeFile } from "./load.ts";

function load(text: string) {
  return loadComposeFile(text, { name: "compose.yaml", dir: "/srv", ours: ["web"], variable: () => undefined });
}

test("a file that is something else", () => {
  expect(() => load("- a")).toThrow(/compose.yaml:1: the file must be a mapping/);
  expect(() => load("services: 3")).toThrow(/compose.yaml:1: services must be a mapping, not the number 3/);
  expect(() => load("serivces: {}")).toThrow(/did you mean|2 mistakes/);
  const bomb = [
    "a0: &a0 [x]",
    ...Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`)}]`),
  ];
  expect(() => load(bomb.join("\n"))).toThrow(/aliases expand to too much/);
});
