import { expect, test } from "vitest";
import { hostsBehind, lastServed } from "./settle.ts";

test.each([
  ["all lead to the new units", ["a", "b"], []],
  ["one does not answer", ["a", undefined], ["h2"]],
  ["one leads to the old unit", ["old", "b"], ["h1"]],
])("hosts behind: %s", (_, stable, behind) => {
  const hosts = ["h1", "h2"];
  const seen = stable.flatMap((id, index) =>
    id ? [{ host: `h${index + 1}`, listensAt: "", share: 0, stable: [id], candidate: [] }] : [],
  );
  const units = ["a", "b"].map((id, index) => ({ id, address: { host: hosts[index] } }));
  expect(hostsBehind(hosts, seen, units)).toEqual(behind);
});

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
