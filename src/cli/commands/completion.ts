import type { Command } from "commander";
import { completionScript } from "../completion.ts";
import { badUsage } from "../failure.ts";
import { knownNames } from "../known-names.ts";
import { print } from "../output.ts";
import { type GlobalOptions, withDaemon } from "../session.ts";

interface Options extends GlobalOptions {
  names?: string;
  like: string;
}

export async function run(options: Options, shell: string, self: Command): Promise<void> {
  const script = self.parent ? completionScript(self.parent, shell) : undefined;
  if (script === undefined) throw badUsage(`there is no completion for "${shell}"`, "bash, zsh or fish");
  const { names, like } = options;
  if (names === undefined) return print(script);
  const found = await withDaemon(options, (usecases) => knownNames(usecases, names, like));
  if (found && found.length > 0) print(found.join("\n"));
}
