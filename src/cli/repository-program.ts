import type { Command } from "commander";
import { command } from "./command.ts";

/** Commands about the files of a repository: they need neither the daemon nor its store. */
export function addRepositoryCommands(program: Command): void {
  command(
    program,
    "scan [folder]",
    "facts about a repository, each with the file and line that shows it",
    () => import("./commands/scan.ts"),
    ["stationmaster scan", "stationmaster scan ../shop --json", "stationmaster scan --why api.port"],
  )
    .option("--why <fact>", "one fact: what else was seen, why it lost, and which rules almost held")
    .option("--explain <fact>", "the same as --why");
}
