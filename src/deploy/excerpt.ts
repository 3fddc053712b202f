/** Words with which programs and run times begin the report of their own death. */
const DEATH =
  /\b(?:panic|fatal|traceback|uncaught|unhandled|segmentation fault|out of memory|exception in thread)\b|^\s*(?:[\w$]+[.:]+)*[A-Z]\w*(?:Error|Exception)\b(?:[:(\s]|$)/i;
const COMPLAINT = /\b(?:error|exception|critical)\b/i;
/** What led to it. */
const BEFORE = 3;

/**
 * The lines of a log that say why a program died, at most `most`, oldest first. Its last ones; where the report of its death began
 * before those, as with a long stack trace, half of them are the beginning of that report and the lines around it.
 */
export function excerpt(lines: readonly string[], most: number): string[] {
  const end = lines.slice(-most);
  const head = firstCause(lines);
  if (head === undefined || head >= lines.length - most) return end;
  const from = Math.max(0, head - BEFORE);
  const to = from + Math.floor(most / 2);
  const rest = lines.length - (most - (to - from) - 1);
  return [...lines.slice(from, to), `… ${rest - to} more lines …`, ...lines.slice(rest)];
}

function firstCause(lines: readonly string[]): number | undefined {
  for (const pattern of [DEATH, COMPLAINT]) {
    const at = lines.findIndex((line) => pattern.test(line));
    if (at >= 0) return at;
  }
  return undefined;
}
