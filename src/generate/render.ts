import type { GenerateKind } from "../contract/generate.ts";
import { CODE_TOPICS, codeEdits } from "./code.ts";
import type { GeneratedFile, Kind } from "./kind.ts";
import type { Plan } from "./plan.ts";
import { KINDS } from "./registry.ts";
import { withSuppressions } from "./suppressed-here.ts";

export interface RenderedFile extends GeneratedFile {
  kind: GenerateKind;
}

/** The kinds that are written: those asked for, those of the manifest, or those the plan needs. */
export function chosenKinds(plan: Plan, asked: readonly string[] = []): readonly Kind[] {
  const named = asked.length > 0 ? asked : plan.kinds;
  return named.length > 0 ? KINDS.filter(({ id }) => named.includes(id)) : KINDS.filter((kind) => kind.wanted(plan));
}

/** All files of these kinds, by path. Where two kinds would write the same file the first has it. */
export function render(plan: Plan, kinds: readonly Kind[], { applyCode = false } = {}): Map<string, RenderedFile> {
  const files = new Map<string, RenderedFile>();
  const topics = CODE_TOPICS.filter((topic) => kinds.some(({ id }) => id === topic));
  const edits = topics.length > 0 ? codeEdits(plan, applyCode ? topics : []) : [];
  for (const { file } of edits) {
    const { topic, ...edit } = file;
    if (plan.own[edit.path] !== "off") files.set(edit.path, { ...edit, kind: topic });
  }
  const replaced = new Set(edits.flatMap(({ file, replaces }) => (files.has(file.path) ? replaces : [])));
  for (const kind of kinds)
    for (const file of kind.render(plan)) {
      const wish = plan.own[file.path];
      if (wish === "off" || files.has(file.path) || replaced.has(file.path)) continue;
      const text = withSuppressions(file.path, file.text, plan.suppressions);
      files.set(file.path, { ...file, text, kind: kind.id as GenerateKind, ownership: wish ?? file.ownership });
    }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
