import type { Command } from "commander";
import { command } from "./command.ts";

/** `preview` and its verbs. */
export function addPreviewCommands(program: Command): void {
  const preview = program
    .command("preview")
    .description("copies of an environment for pull requests and branches")
    .addHelpText("after", "\nExample:\n  stationmaster preview list");
  command(
    preview,
    "list",
    "every preview with its address",
    () => import("./commands/preview-list.ts"),
    "stationmaster preview list --json",
  );
  command(
    preview,
    "open <ref>",
    "make the preview of a branch or ref, or bring it to its newest commit",
    () => import("./commands/preview-open.ts"),
    "stationmaster preview open feature/login --pr 7",
  )
    .option("--pr <number>", "of the pull request it belongs to")
    .option("--fork", "it comes from a fork: it gets no secrets");
  command(
    preview,
    "close <name>",
    "let a preview expire, whatever the repository shows",
    () => import("./commands/preview-close.ts"),
    "stationmaster preview close pr-7",
  );
  command(
    preview,
    "wake <name>",
    "start a preview that sleeps, or try one that failed again",
    () => import("./commands/preview-wake.ts"),
    "stationmaster preview wake pr-7",
  );
  command(
    preview,
    "remove <name>",
    "remove a preview with its data now",
    () => import("./commands/preview-remove.ts"),
    "stationmaster preview remove pr-7 --yes",
  ).option("--yes", "do not ask");
}
