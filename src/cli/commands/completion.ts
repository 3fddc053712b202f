import type { Command } from "commander";
import { UserError } from "../../core/errors.ts";
import { completionScript } from "../completion.ts";
import { print } from "../output.ts";

export async function run(_options: object, shell: string, self: Command): Promise<void> {
  const script = self.parent ? completionScript(self.parent, shell) : undefined;
  if (script === undefined)
    throw new UserError({
      code: "SM-USAGE",
      message: `there is no completion for "${shell}"`,
      next: "bash, zsh or fish",
    });
  print(script);
}
