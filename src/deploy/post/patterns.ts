import { printable } from "../../core/text.ts";

const ERROR =
  /\b(?:error|exception|fatal|panic|traceback|unhandled|uncaught|critical|segfault|segmentation fault|out of memory|fail(?:ed|ure)|refused|timed out)\b|\w(?:Error|Exception)\b/i;
/** `no errors`, `errors=0`, `error: null`: the word is there, the thing is not. */
const DENIED =
  /\b(?:no|0|zero|without) (?:\w+ )?(?:errors?|failures?|exceptions?)\b|\b(?:errors?|failed|failures?|exceptions?)["']?\s*[=:]\s*["']?(?:0|null|nil|none|false|\[\]|""|'')(?![\w.])/gi;
/** The process itself is dying, or would be without a handler of last resort. */
const DYING = /\b(?:fatal|panic|unhandled|uncaught|segfault|segmentation fault|out of memory)\b/i;
/** A line of a stack trace belongs to the line before. */
const FRAME = /^\s+(?:at\s|File "|\.{3} \d+ more|\||~|\^)/;
const ERROR_LEVEL = /^(?:err|fatal|crit|panic|alert|emerg|severe)/i;
/** Of pino and bunyan: 50 is error, 60 fatal. */
const NUMERIC_ERROR_LEVEL = 50;
const LEAST_TIMES = 3;
const LONGEST = 200;

const VARIABLE: readonly [RegExp, string][] = [
  [/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?/g, ""],
  [/\d{1,4}[/-]\w{2,3}[/-]\d{2,4}/g, ""],
  [/\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?/g, ""],
  [/https?:\/\/[^\s/"']+/g, ""],
  [/"[^"]*"|'[^']*'|`[^`]*`/g, "*"],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "*"],
  [/\b(?=\w*\d)[\w+/=-]{16,}/g, "*"],
  [/\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{7,}\b/gi, "*"],
  [/\d+(?:\.\d+)*/g, "#"],
  [/\s+/g, " "],
];

/** What is the same in every repetition of a line: without times, numbers, ids and quoted text. */
export function patternOf(line: string): string {
  let text = line;
  for (const [variable, by] of VARIABLE) text = text.replace(variable, by);
  return text.trim().slice(0, LONGEST);
}

/** The message of a line that reports an error, undefined for any other. Of a JSON line its level decides. */
export function errorIn(line: string): string | undefined {
  const text = printable(line);
  const entry = readEntry(text);
  if (entry?.level !== undefined) return isErrorLevel(entry.level) ? entry.message : undefined;
  const said = entry?.message ?? text;
  return !FRAME.test(said) && ERROR.test(said.replace(DENIED, "")) ? said : undefined;
}

export interface NewPattern {
  pattern: string;
  times: number;
  /** The first line that shows it. */
  example: string;
}

/**
 * The errors in the lines of new units that those of the old do not report. An error counts when it was reported three times,
 * or once where the process says that it is dying: single errors come with odd requests, whatever the release. Without a log of
 * before any error may be an old one, and only those of a dying process count.
 */
export function newPatterns(lines: readonly string[], before: readonly string[] | undefined): NewPattern[] {
  const known = new Set((before ?? []).flatMap((line) => errorIn(line) ?? []).map(patternOf));
  const found = new Map<string, NewPattern>();
  for (const line of lines) {
    const message = errorIn(line);
    if (message === undefined) continue;
    const pattern = patternOf(message);
    const seen = found.get(pattern);
    if (seen) seen.times++;
    else if (!known.has(pattern)) found.set(pattern, { pattern, times: 1, example: message.trim().slice(0, LONGEST) });
  }
  const isOften = ({ times }: NewPattern) => before !== undefined && times >= LEAST_TIMES;
  return [...found.values()].filter((item) => isOften(item) || DYING.test(item.example));
}

/** A structured line: its level and what a person would read of it. */
function readEntry(text: string): { level: unknown; message: string } | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const entry: Record<string, unknown> = JSON.parse(text);
    const { level = entry.severity, msg, message = msg, err = entry.error } = entry;
    const cause = typeof err === "object" && err !== null && "message" in err ? err.message : err;
    return { level, message: [message, cause].filter((part) => typeof part === "string").join(": ") || text };
  } catch {
    return undefined;
  }
}

function isErrorLevel(level: unknown): boolean {
  return typeof level === "number" ? level >= NUMERIC_ERROR_LEVEL : ERROR_LEVEL.test(String(level));
}
