import type { Instruction } from "dockerfile-ast";
import { dockerfileLibrary } from "../libraries.ts";
import { expandVariables } from "./variables.ts";

interface DockerfileFlag {
  name: string;
  /** Null where the flag has none: `--link`. */
  value: string | null;
}

/** A pair of `ENV`, `ARG` or `LABEL`; `ARG NAME` has no value. */
interface DockerfilePair {
  name: string;
  value: string | null;
  line: number;
}

/** An instruction; lines are counted from 1, offsets from 0 in the text without its mark and with `\n` at the end of lines. */
export interface DockerfileInstruction {
  /** Upper case. */
  keyword: string;
  flags: DockerfileFlag[];
  /** What follows keyword and flags, as one line without comments and here-documents. */
  argument: string;
  /** The same with variables replaced whose value the file tells. */
  expanded: string;
  /** The elements where the argument is in exec form (a list in JSON). */
  exec: string[] | null;
  /** The elements of the exec form, else the argument at its spaces. */
  words: string[];
  pairs: DockerfilePair[];
  heredocs: { name: string; text: string }[];
  line: number;
  endLine: number;
  start: number;
  end: number;
}

/** A text with what is needed to find places in it; `mark` joins lines. */
interface DockerfileText {
  text: string;
  offsets: readonly number[];
  mark: string;
}

const LEADING_FLAGS = /^(?:--[a-z][\w-]*(?:=\S*)?(?:\s+|$))+/;
const FLAG = /--([\w-]+)(?:=(\S*))?/g;
const HEREDOC = /<<-?["']?([\w.-]+)["']?/g;

/** One instruction; `scope` has the variables that are known where it stands. */
export function readInstruction(
  found: Instruction,
  { text, offsets, mark }: DockerfileText,
  scope: Readonly<Record<string, string>>,
): DockerfileInstruction {
  const { ModifiableInstruction, PropertyInstruction } = dockerfileLibrary();
  const range = found.getRange();
  const start = (offsets[range.start.line] ?? 0) + range.start.character;
  const end = (offsets[range.end.line] ?? 0) + range.end.character;
  const keyword = found.getKeyword();
  const { line, below } = joinLines(text.slice(start + keyword.length, end), mark);
  const flags = found instanceof ModifiableInstruction ? (LEADING_FLAGS.exec(line)?.[0] ?? "") : "";
  const argument = line.slice(flags.length).trim();
  const exec = execForm(argument);
  return {
    keyword,
    flags: [...flags.matchAll(FLAG)].map(([, name = "", value]) => ({ name, value: value ?? null })),
    argument,
    expanded: expandVariables(argument, scope),
    exec,
    words: exec ?? argument.split(/\s+/).filter((word) => word !== ""),
    pairs:
      found instanceof PropertyInstruction
        ? found.getProperties().map((pair) => ({
            name: pair.getName(),
            value: pair.getValue(),
            line: pair.getRange().start.line + 1,
          }))
        : [],
    heredocs: heredocsOf(argument, below),
    line: range.start.line + 1,
    endLine: range.end.line + 1,
    start,
    end,
  };
}

/** An instruction as one line, and the lines behind it: of its here-documents. Comments and blank lines do not end it. */
function joinLines(text: string, mark: string): { line: string; below: string[] } {
  const lines = text.split("\n");
  const parts: string[] = [];
  while (lines.length > 0) {
    const next = lines.shift() ?? "";
    if (parts.length > 0 && /^\s*(?:#|$)/.test(next)) continue;
    const trimmed = next.trimEnd();
    if (!trimmed.endsWith(mark)) {
      parts.push(next);
      break;
    }
    parts.push(trimmed.slice(0, -1));
  }
  return { line: parts.join("").trim(), below: lines };
}

/** The texts behind `<<EOF`, in order; an unfinished one goes to the end. */
function heredocsOf(line: string, below: string[]): DockerfileInstruction["heredocs"] {
  if (below.length === 0) return [];
  return [...line.matchAll(HEREDOC)].map(([, name = ""]) => {
    const end = below.findIndex((text) => text.trim() === name);
    const own = below.splice(0, end === -1 ? below.length : end + 1);
    return { name, text: (end === -1 ? own : own.slice(0, -1)).join("\n") };
  });
}

function execForm(argument: string): string[] | null {
  if (!argument.startsWith("[")) return null;
  try {
    const list: unknown = JSON.parse(argument);
    return Array.isArray(list) && list.every((word) => typeof word === "string") ? list : null;
  } catch {
    return null;
  }
}
