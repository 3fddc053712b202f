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
  /** What else the generator says of it. */
  file?: Pick<GeneratedFile, "adopted" | "below"> | undefined;
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
  const outcome = decided(input);
  const { current, next, adopt } = input;
  if (current === undefined || outcome.text === current || adopt || !UNREADABLE.test(current)) return outcome;
  const note = "it has bytes that are no UTF-8, which would be lost; yours stays, ours lies beside it";
  return {
    action: "conflict",
    text: current,
    ...(next === undefined ? {} : { proposed: next }),
    base: input.base,
    note,
  };
}

/** What a reader makes of bytes that are no text. */
const UNREADABLE = /\uFFFD/;

function decided(input: MergeInput): Outcome {
  const { current, base, next, ownership, restore, adopt } = input;
  if (next === undefined) return retired(current, base, ownership);
  if (ownership === "patch") return patched(input, next);
  if (current === undefined) {
    // Below another folder: what people wrote where it was read belongs into it.
    const { text, base: own } = input.file?.adopted ?? { text: next, base: next };
    if (base === undefined || restore) return { action: "create", text, base: own };
    return { action: "keep", text: undefined, base: next, note: "you deleted it; --restore brings it back" };
  }
  if (current === next)
    return { action: "keep", text: current, base: base === undefined && ownership === "seed" ? undefined : next };
  if (ownership === "seed") return { action: "keep", text: current, base };
  if (base === undefined) return foreign(current, input.file?.adopted ?? { text: next, base: next }, adopt);
  if (base === next) return { action: "keep", text: current, base };
  if (current === base) return { action: "merge", text: next, base: next };
  const { text, conflicts } = mergeTexts(input.path, { base, current, next });
  if (conflicts.length === 0) return { action: text === current ? "keep" : "merge", text, base: next };
  return { action: "conflict", text, proposed: next, base: next, note: bothChanged(conflicts) };
}

function bothChanged(conflicts: readonly string[]): string {
  return `both changed ${conflicts.slice(0, 3).join(", ")}${conflicts.length > 3 ? " …" : ""}; yours stays, ours lies beside it`;
}

/** People wrote it: ours is a proposal until they take it. */
function foreign(current: string, { text, base }: { text: string; base: string }, adopt: boolean): Outcome {
  if (current === text) return { action: "keep", text, base };
  if (adopt) return { action: "merge", text, base, note: "adopted: it is generated from now on" };
  const note = "there was one already; ours lies beside it, --adopt replaces yours";
  return { action: "conflict", text: current, proposed: text, base: undefined, note };
}

/** Three-way merge by what the file is. */
export function mergeTexts(path: string, texts: Texts): Merged {
  const { base, current, next } = texts;
  if (current === base || current === next) return { text: next, conflicts: [] };
  if (next === base) return { text: current, conflicts: [] };
  const name = baseOf(path);
  const structured = STRUCTURED.find(([file]) => file.test(name))?.[1](texts);
  if (structured) return structured;
  const merged = mergeLines(texts, { union: UNORDERED.test(name) });
  // Lines of a program depend on each other: half of a change may be worse than none of it.
  return merged.conflicts.length === 0 || NAMES.test(name) ? merged : { ...merged, text: current };
}

const STRUCTURED: readonly [file: RegExp, merge: (texts: Texts) => Merged | undefined][] = [
  [/\.ya?ml$/, mergeYaml],
  [/\.json$/, mergeJson],
  [/^\.env/, mergeDotenv],
];
/** Lists of names, and settings of which each stands alone: what both sides added at one place is all wanted. */
const UNORDERED = /^(?:\.\w+ignore|Dockerfile(?:\..+)?)$/;
/** Files in which each line stands alone. */
const NAMES = /^\.(?:\w+ignore|env(?:\..+)?)$/;

function retired(
  current: string | undefined,
  base: string | undefined,
  ownership: GeneratedFile["ownership"],
): Outcome {
  // Code that was asked for once stays.
  if (ownership === "patch") return { action: "keep", text: current, base: undefined };
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
function patched({ path, current, base, restore, file }: MergeInput, next: string): Outcome {
  if (current === undefined) {
    if (base !== undefined && !restore) return { action: "keep", text: undefined, base: next, note: "you deleted it" };
    return { action: "create", text: withRegion(path, "", next), base: next };
  }
  const region = regionIn(path, current);
  if (region === undefined && base !== undefined && !restore)
    return { action: "keep", text: current, base: next, note: "you took our part out; --restore brings it back" };
  const whole = next.replace(/\n*$/, "\n");
  // What is written keeps all of a part that is there already: then nothing of it is lost.
  if (region !== undefined && base === undefined && !whole.startsWith(region))
    return { action: "keep", text: current, base, note: "it has a marked part that was never written from here" };
  const edited = region !== undefined && base !== undefined;
  const { text: part, conflicts } = edited
    ? mergeTexts(path, { base: base.replace(/\n*$/, "\n"), current: region, next: whole })
    : { text: whole, conflicts: [] };
  const text = withRegion(path, current, part, file?.below);
  if (conflicts.length > 0)
    return { action: "conflict", text, proposed: next, base: next, note: bothChanged(conflicts) };
  return { action: text === current ? "keep" : "merge", text, base: next };
}
