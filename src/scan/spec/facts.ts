import { type Fact, lineHash } from "../fact.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Requirement } from "./requirements.ts";

/** Requirements as facts, by id: lists are put together, of other values the first counts and the rest are alternatives. */
export function wantFacts(requirements: readonly Requirement[], snapshot: Snapshot): [id: string, fact: Fact][] {
  return [...Map.groupBy(requirements, ({ id }) => id)].map(([id, same]) => {
    const evidence = same.map((one) => [evidenceOf(one, snapshot)]);
    const [first] = same as [Requirement, ...Requirement[]];
    if (same.every(({ value }) => Array.isArray(value))) {
      const value = [...new Set(same.flatMap((one) => one.value as string[]))];
      return [id, { id, value, source: "project", confidence: 1, evidence: evidence.flat(), alternatives: [] }];
    }
    const differs = (value: unknown) => JSON.stringify(value) !== JSON.stringify(first.value);
    const alternatives = same.flatMap(({ value }, at) =>
      differs(value)
        ? [{ value, source: "project" as const, confidence: 1, reason: "named later", evidence: evidence[at] ?? [] }]
        : [],
    );
    return [
      id,
      { id, value: first.value, source: "project", confidence: 1, evidence: evidence[0] ?? [], alternatives },
    ];
  });
}

function evidenceOf({ file, line }: Requirement, snapshot: Snapshot) {
  const text = snapshot.text(file)?.split("\n")[line - 1] ?? "";
  return { file, line, col: 1, rule: "spec.item", hash: lineHash(text) };
}
