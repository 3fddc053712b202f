import { expect, test } from "vitest";
import { KINDS } from "./registry.ts";
import { render } from "./render.ts";
import { plan } from "./testing.ts";

const chosen = KINDS.filter(({ id }) => ["dockerfile", "compose", "kubernetes", "grafana"].includes(id));
const REASON = "shared nodes\nneed a {{limit}}";

test("a suppression stands in the files it is about, below their first comment", () => {
  const suppressions = [
    { rule: "SM38", path: "deploy/k8s/**", reason: REASON, until: "2027-03-01" },
    { rule: "SM03", reason: "the host asks" },
    { rule: "SM59", path: "observability/**", reason: "JSON has no comments" },
  ];
  const before = render(plan(), chosen);
  const after = render(plan({ suppressions }), chosen);
  const added = [...after].flatMap(([path, { text }]) => {
    const known = new Set((before.get(path)?.text ?? "").split("\n"));
    return text
      .split("\n")
      .filter((line) => !known.has(line))
      .map((line) => ({ path, line }));
  });
  const cpu = "# SM38 does not count here until 2027-03-01: shared nodes need a { {limit}}";
  expect(new Set(added.map(({ line }) => line))).toEqual(new Set([cpu, "# SM03 does not count here: the host asks"]));
  expect(added).toContainEqual({ path: "deploy/k8s/base/api.yaml", line: cpu });
  for (const { path, line } of added)
    expect(path).toMatch(line === cpu ? /^deploy\/k8s\/.+\.yaml$/ : /(?:^|\/)Dockerfile$/);
  expect(after.get("api/Dockerfile")?.text.split("\n").slice(0, 3)).toEqual([
    ...(before.get("api/Dockerfile")?.text.split("\n").slice(0, 2) ?? []),
    "# SM03 does not count here: the host asks",
  ]);
});
