import { factText } from "../contract/scan-words.ts";
import { clip, printable } from "../core/text.ts";

const MOST_LETTERS = 72;

/** The value of a fact in one line for people. Words of the repository are data: nothing in them reaches the terminal as a command. */
export function valueText(name: string, value: unknown): string {
  return clippedText(factText(name, value));
}

/** The same of words that are made already. */
export function clippedText(text: string): string {
  return clip(safeText(text), MOST_LETTERS);
}

/** Words of a repository, fit for a terminal: on one line, without codes. */
export function safeText(text: string): string {
  return printable(text).replace(/[\n\t]+/g, " ");
}
