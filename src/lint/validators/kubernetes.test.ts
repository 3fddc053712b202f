import { describe, expect, test } from "vitest";
import { CLEAN, PATH } from "../rules/kubernetes/testing.ts";
import { validated } from "../rules/testing.ts";
import { kubernetesSchema } from "./kubernetes.ts";

describe("schemas", () => {
  test.each([
    [
      "a count as text",
      "spec:\n  selector:",
      'spec:\n  replicas: "3"\n  selector:',
      /:7 spec\.replicas must be integer/,
    ],
    ["a number as variable", /valueFrom: .*/, "value: 3", /:33 .*env\.0\.value must be string/],
    ["a missing part", "pathType: Prefix, ", "", /must have required property pathType/],
    [
      "a word that is none",
      "automountServiceAccountToken: false\n---",
      "automountServiceAccountToken: nope\n---",
      /must be boolean/,
    ],
    [
      "one of several words",
      "apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec:",
      "apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec:\n  type: Clusterip",
      /allowed values: ClusterIP, ExternalName/,
    ],
  ])("%s", async (_, from, to, told) => {
    const found = await validated(kubernetesSchema, { [PATH]: CLEAN.replace(from, to) });
    expect(found).toEqual([expect.stringMatching(told)]);
    expect(found[0]).toMatch(/^kubernetes-schema error/);
  });

  test("what a script fills in is no fault", async () => {
    const text = CLEAN.replace("spec:\n  selector:", "spec:\n  replicas: ${REPLICAS}\n  selector:").replace(
      "minReplicas: 2",
      "minReplicas: <MIN>",
    );
    expect(await validated(kubernetesSchema, { [PATH]: text })).toEqual([]);
  });
});
