import { expect, test } from "vitest";
import { memoryFiles } from "../files.ts";
import { takeSnapshot } from "../snapshot.ts";
import { requirementsOf } from "./requirements.ts";

test.each<[string, [string, unknown][]]>([
  ["| Region | EU (Frankfurt) |", [["want.regions", ["de"]]]],
  ["Hosting: US West (Oregon)", [["want.regions", ["us-west"]]]],
  [
    "- Azure West Europe",
    [
      ["want.regions", ["westeurope"]],
      ["want.platforms", ["azure"]],
    ],
  ],
  [
    "- Region: Azure Switzerland North",
    [
      ["want.regions", ["switzerlandnorth"]],
      ["want.platforms", ["azure"]],
    ],
  ],
  ["- Servers in France or Germany", [["want.regions", ["de or fr"]]]],
])("%s", (line, expected) => {
  const snapshot = takeSnapshot(memoryFiles({ "SPEC-1/spec.md": `# Constraints\n${line}` }));
  expect(requirementsOf(snapshot).requirements.map(({ id, value }) => [id, value])).toEqual(expected);
});
