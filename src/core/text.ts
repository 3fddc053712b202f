/** Colours and cursor movements of terminals. A sequence that does not end keeps its letters; each start reads up to the next one only. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const TERMINAL = /\x1b\[[0-?]*[ -/]*[@-~]/g;
/** Tabs and line ends are what texts are made of. */
const CONTROL = /[^\P{Cc}\t\n]/gu;

/**
 * Text from outside (logs, answers, errors), fit to be stored and shown: PostgreSQL takes neither NUL nor half a surrogate pair,
 * and terminals obey other control characters. Colours go, what else is not text becomes `�`, lines end with `\n`.
 */
export function printable(text: string): string {
  return text
    .replace(TERMINAL, "")
    .replace(/\r(?=\n|$)/g, "")
    .replace(CONTROL, "\ufffd")
    .toWellFormed();
}

/** At most `length` characters, the last one `…` where something was cut off; no character is cut in two. */
export function clip(text: string, length: number): string {
  return (text.length <= length ? text : `${text.slice(0, length - 1)}…`).toWellFormed();
}
