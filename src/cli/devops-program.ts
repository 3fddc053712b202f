import type { Command } from "commander";
import { command } from "./command.ts";

/** `devops` and its verbs. */
export function addDevOpsCommands(program: Command): void {
  const devops = program
    .command("devops")
    .description("the DevOps API of the application, behind its secret")
    .addHelpText("after", "\nExample:\n  stationmaster devops stats");
  const load = (verb: Parameters<typeof import("./commands/devops.ts").devopsCommand>[0]) => async () => ({
    run: (await import("./commands/devops.ts")).devopsCommand(verb),
  });
  command(
    devops,
    "health",
    "what the application says of its health",
    load("health"),
    "stationmaster devops health --json",
  );
  command(devops, "stats", "figures of the application", load("stats"), "stationmaster devops stats");
  command(
    devops,
    "clear-sessions",
    "let the application remove stale sessions",
    load("clear-sessions"),
    "stationmaster devops clear-sessions --yes",
  ).option("--yes", "do not ask");
  command(
    devops,
    "clear-orphans",
    "let the application remove what belongs to nobody",
    load("clear-orphans"),
    "stationmaster devops clear-orphans --yes",
  ).option("--yes", "do not ask");
}
