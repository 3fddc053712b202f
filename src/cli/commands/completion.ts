import type { Command } from "commander";
import { UserError } from "../../core/errors.ts";
import { print } from "../output.ts";

export async function run(_options: object, shell: string, self: Command): Promise<void> {
  const { commands = [] } = self.parent ?? {};
  const verbs = commands.map((command) => command.name());
  const options = ["--config", "--state", "--json", "--help"];
  const words = [...verbs, ...options].join(" ");
  const scripts: Record<string, string> = {
    bash: `complete -W "${words}" stationmaster`,
    zsh: `compctl -k "(${words})" stationmaster`,
    fish: commands
      .map(
        (command) =>
          `complete -c stationmaster -n __fish_use_subcommand -f -a ${command.name()} -d '${command.description().replaceAll("'", "")}'`,
      )
      .join("\n"),
  };
  const script = scripts[shell];
  if (!script)
    throw new UserError({
      code: "SM-USAGE",
      message: `there is no completion for "${shell}"`,
      next: "bash, zsh or fish",
    });
  print(script);
}
