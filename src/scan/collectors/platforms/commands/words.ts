import { shellCommands } from "../../../command-line.ts";

const SHELLS = new Set(["sh", "bash", "ash", "dash", "zsh"]);
const PLAIN = /^(?:\d*[<>]|\$\()|^[^\s;&|<>()"'`\\#]*$|\$\(/;

/** A command as it is written: a line for a shell, or its words. */
export type Written = string | readonly string[];

/** The line that a shell would run: the words of an exec form quoted where they must be, `sh -c` taken away. */
export function lineOf(written: Written): string {
  const words = typeof written === "string" ? oneCommand(written) : written;
  const script = words && scriptOf(words);
  if (script !== undefined) return lineOf(script);
  return typeof written === "string" ? written.trim() : joinWords(written);
}

/** Words as a shell takes them; variables stay as they are written. */
export function joinWords(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

/** Assignments as they stand in front of a program. */
export function assignments(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
}

function quoted(word: string): string {
  if (word === "") return '""';
  if (PLAIN.test(word)) return word;
  return /["`\\]/.test(word) ? `'${word}'` : `"${word}"`;
}

/** What follows `-c` of a shell. */
function scriptOf([program = "", ...rest]: readonly string[]): string | undefined {
  if (!SHELLS.has(program.slice(program.lastIndexOf("/") + 1))) return undefined;
  const at = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at === -1 || rest.slice(0, at).some((word) => !word.startsWith("-")) ? undefined : rest[at + 1];
}

function oneCommand(line: string): string[] | undefined {
  const commands = shellCommands(line);
  const [only] = commands;
  return commands.length === 1 && only && Object.keys(only.env).length === 0 ? only.argv : undefined;
}
