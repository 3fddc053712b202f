import type { Command, CommandOptions } from "commander";

type Handler = (options: never, ...args: never[]) => Promise<void>;

/** Adds a command whose implementation is imported when it runs. `examples` are lines as one types them. */
export function command(
  parent: Command,
  usage: string,
  description: string,
  load: () => Promise<{ run: Handler }>,
  examples: string | readonly string[],
  options: CommandOptions = {},
): Command {
  return parent
    .command(usage, options)
    .description(description)
    .addHelpText("after", exampleText(examples))
    .action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      const { run } = await load();
      await run(self.optsWithGlobals() as never, ...([...given.slice(0, -2), self] as never[]));
    });
}

function exampleText(examples: string | readonly string[]): string {
  const lines = [examples].flat();
  return [`\n${lines.length > 1 ? "Examples" : "Example"}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}
