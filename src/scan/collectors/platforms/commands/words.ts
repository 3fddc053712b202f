import { shellCommands } from "../../../command-line.ts";
import { commandText, quoted, type Step } from "../../javascript/commands/step.ts";

const SHELLS = new Set(["sh", "bash", "ash", "dash", "zsh"]);

/** A command as it is written: a line for a shell, or its words. */
export type Written = string | readonly string[];

/** The line that a shell would run: the words of an exec form quoted where they must be, `sh -c` taken away. */
export function lineOf(written: Written): string {
  const words = typeof written === "string" ? oneCommand(written) : written;
  const script = words && scriptOf(words);
  if (script !== undefined) return lineOf(script);
  return typeof written === "string" ? written.trim() : written.map(quoted).join(" ");
}

/** A step as one types it in the folder `from`; patterns of files stay patterns, a star alone is a word. */
export function textOf(step: Pick<Step, "env" | "argv"> & Partial<Step>, from = "."): string {
  return commandText({ folder: from, next: "", ...step }, from).replace(
    /(["'])(?!\*\1)([\w./:$-]*\*[\w./*:$-]*)\1/g,
    "$2",
  );
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
