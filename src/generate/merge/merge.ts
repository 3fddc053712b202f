import { baseOf } from "../../formats/tree.ts";
import type { GeneratedFile } from "../kind.ts";
import { mergeDotenv } from "./dotenv.ts";
import { mergeJson } from "./json.ts";
import { type Merged, mergeLines, type Texts } from "./lines.ts";
import { regionIn, withRegion } from "./region.ts";
import { mergeYaml } from "./yaml.ts";

export interface MergeInput {
  path: string;
  /** What is there now. */
  current: string | undefined;
  /** What was generated last. */
  base: string | undefined;
  /** What the plan wants; undefined when it wants the file no more. */
  next: string | undefined;
  ownership: GeneratedFile["ownership"];
  /** Files that the user deleted come back. */
  restore: boolean;
  /** A file that was there before becomes ours. */
  adopt: boolean;
}

export type Action = "create" | "merge" | "keep" | "conflict" | "delete";

export interface Outcome {
  action: Action;
  /** What the file is to be; undefined: absent. */
  text: string | undefined;
  /** What the generator wanted, for a file beside it. */
  proposed?: string;
  /** What is kept for the next merge; undefined forgets the file. */
  base: string | undefined;
  /** Why it is not simply written, in words. */
  note?: string;
}

/** Decides what becomes of one file. Edits of people are never lost: where both changed the same, theirs stays. Pure. */
export function mergeFile(input: MergeInput): Outcome {
  const { current, base, next, ownership, restore, adopt } = input;
  if (next === undefined) return retired(current, base);
  if (ownership === "patch") return patched(input, next);
  if (current === undefined) {
    if (base === undefined || restore) return { action: "create", text: next, base: next };
    return { action: "keep", text: undefined, base: next, note: "you deleted it; --restore brings it back" };
  }
  if (current === next)
    return { action: "keep", text: current, base: base === undefined && ownership === "seed" ? undefined : next };
  if (ownership === "seed") return { action: "keep", text: current, base };
  if (base === undefined) {
    if (adopt) return { action: "merge", text: next, base: next, note: "adopted: it is generated from now on" };
    const note = "there was one already; ours lies beside it, --adopt replaces yours";
    return { action: "conflict", text: current, proposed: next, base: undefined, note };
  }
  if (base === next) return { action: "keep", text: current, base };
  if (current === base) return { action: "merge", text: next, base: next };
  const { text, conflicts } = mergeTexts(input.path, { base, current, next });
  if (conflicts.length === 0) return { action: text === current ? "keep" : "merge", text, base: next };
  const note = `both changed ${conflicts.slice(0, 3).join(", ")}${conflicts.length > 3 ? " …" : ""}; yours stays, ours lies beside it`;
  return { action: "conflict", text, proposed: next, base: next, note };
}

/** Three-way merge by what the file is. */
export function mergeTexts(path: string, texts: Texts): Merged {
  const { base, current, next } = texts;
  if (current === base || current === next) return { text: next, conflicts: [] };
  if (next === base) return { text: current, conflicts: [] };
  const name = baseOf(path);
  const structured = STRUCTURED.find(([file]) => file.test(name))?.[1](texts);
  return structured ?? mergeLines(texts, { union: UNORDERED.test(name) });
}

const STRUCTURED: readonly [file: RegExp, merge: (texts: Texts) => Merged | undefined][] = [
  [/\.ya?ml$/, mergeYaml],
  [/\.json$/, mergeJson],
  [/^\.env/, mergeDotenv],
];
/** Lists of names, and settings of which each stands alone: what both sides added at one place is all wanted. */
const UNORDERED = /^(?:\.\w+ignore|Dockerfile(?:\..+)?)$/;

function retired(current: string | undefined, base: string | undefined): Outcome {
  if (current === undefined || base === undefined) return { action: "keep", text: current, base: undefined };
  if (current === base)
    return { action: "delete", text: undefined, base: undefined, note: "the plan needs it no more" };
  return {
    action: "keep",
    text: current,
    base: undefined,
    note: "the plan needs it no more, but you changed it: it is yours now",
  };
}

/** Only the marked region of the file is ours. */
function patched({ path, current, base, restore }: MergeInput, next: string): Outcome {
  if (current === undefined) {
    if (base !== undefined && !restore) return { action: "keep", text: undefined, base: next, note: "you deleted it" };
    return { action: "create", text: withRegion(path, "", next), base: next };
  }
  const region = regionIn(path, current);
  if (region === undefined && base !== undefined && !restore)
    return { action: "keep", text: current, base: next, note: "you took our part out; --restore brings it back" };
  const text = withRegion(path, current, next);
  return { action: text === current ? "keep" : "merge", text, base: next };
}
