import { diff3Merge } from "node-diff3";

export interface Merged {
  text: string;
  /** Places where both sides changed the same: the user's side stays. */
  conflicts: string[];
}

/** Three-way merge of lines. Where both changed the same lines, the user's stay. */
export function mergeLines({ base, current, next }: { base: string; current: string; next: string }): Merged {
  const conflicts: string[] = [];
  const regions = diff3Merge(lines(current), lines(base), lines(next), { excludeFalseConflicts: true });
  let line = 1;
  const merged = regions.flatMap((region) => {
    if (region.conflict) conflicts.push(`line ${line}`);
    const kept = region.ok ?? region.conflict?.a ?? [];
    line += kept.length;
    return kept;
  });
  return { text: merged.join("\n"), conflicts };
}

function lines(text: string): string[] {
  return text.split("\n");
}
