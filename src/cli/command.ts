import type { Command, CommandOptions } from "commander";

type Handler = (options: never, ...args: never[]) => Promise<void>;

/** Adds a command whose implementation is imported when it runs. */
export function command(
  parent: Command,
  usage: string,
  description: string,
  load: () => Promise<{ run: Handler }>,
  example: string,
  options: CommandOptions = {},
): Command {
  return parent
    .command(usage, options)
    .description(description)
    .addHelpText("after", `\nExample:\n  ${example}`)
    .action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      const { run } = await load();
      await run(self.optsWithGlobals() as never, ...([...given.slice(0, -2), self] as never[]));
    });
}
