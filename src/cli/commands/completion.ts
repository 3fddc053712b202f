import { UserError } from "../../core/errors.ts";
import { print } from "../output.ts";
import { buildProgram } from "../program.ts";

export async function run(_options: object, shell: string): Promise<void> {
  const verbs = buildProgram().commands.map((command) => command.name());
  const options = ["--config", "--state", "--json", "--help"];
  const words = [...verbs, ...options].join(" ");
  const scripts: Record<string, string> = {
    bash: `complete -W "${words}" stationmaster`,
    zsh: `compctl -k "(${words})" stationmaster`,
    fish: buildProgram()
      .commands.map(
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
