import type { Command, Option } from "commander";
import { cell, GENERATED } from "./markdown.ts";

/** The reference page of the command line, one section a command. */
export function cliPage(program: Command): string {
  const commands = program.commands.flatMap((command) => leaves(command));
  return [
    `# The command line\n\n${GENERATED}\n`,
    "From the checkout the program is `bin/stationmaster`. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 refused by policy, 4 outcome unknown.\n",
    "## Options of every command\n",
    options(program.options),
    ...commands.map(section),
  ].join("\n");
}

/** Commands that do something: `audit` alone only groups `audit list` and `audit verify`, `incidents` does both. */
function leaves(command: Command): Command[] {
  const isGroup = command.commands.length > 0 && command.registeredArguments.length === 0;
  return [...(isGroup ? [] : [command]), ...command.commands.flatMap((inner) => leaves(inner))];
}

function section(command: Command): string {
  const examples = /Examples?:\n([\s\S]+)$/.exec(helpOf(command))?.[1]?.trim().split(/\n */) ?? [];
  const parts = [
    `## ${nameOf(command)}\n`,
    `${sentence(command.description())}\n`,
    `\`\`\`\n${usage(command)}\n\`\`\`\n`,
  ];
  if (command.options.length > 0) parts.push(options(command.options));
  if (examples.length > 0) parts.push(`For example: ${examples.map((line) => `\`${line}\``).join(", ")}\n`);
  return parts.join("\n");
}

function nameOf(command: Command): string {
  const above = command.parent?.parent ? `${nameOf(command.parent)} ` : "";
  return `${above}${command.name()}`;
}

function usage(command: Command): string {
  const names = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? ` <${name}>` : ` [${name}]`;
  });
  return `stationmaster ${nameOf(command)}${names.join("")}${command.options.length > 0 ? " [options]" : ""}`;
}

function options(given: readonly Option[]): string {
  const rows = given
    .filter(({ hidden }) => !hidden)
    .map((option) => `| \`${option.flags.replaceAll("|", "\\|")}\` | ${meaning(option)} |`);
  return ["| option | meaning |", "|---|---|", ...rows, ""].join("\n");
}

function meaning({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices ? `; one of ${argChoices.map((choice) => `\`${choice}\``).join(", ")}` : "";
  const standard = defaultValue === undefined || defaultValue === false ? "" : `; default \`${defaultValue}\``;
  return `${cell(description)}${choices}${standard}`;
}

/** The help as it is printed. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
