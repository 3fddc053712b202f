import type { Command } from "commander";
import { command } from "./command.ts";

/** `notify` and its verbs. */
export function addNotifyCommands(program: Command): void {
  const notify = program
    .command("notify")
    .description("the channels that people are called by, and what was sent")
    .addHelpText("after", "\nExample:\n  stationmaster notify test");
  command(
    notify,
    "list [incident]",
    "who was told what, when, and whether it got there",
    () => import("./commands/notify-list.ts"),
    "stationmaster notify list inc-mi8x2k1p",
  ).option("-n, --lines <number>", "how many", "50");
  command(
    notify,
    "channels",
    "how each channel does, and who is called when",
    () => import("./commands/notify-channels.ts"),
    "stationmaster notify channels",
  );
  command(
    notify,
    "test [channel]",
    "send a marked test message to each channel, or to one; exit 1 when one refuses it",
    () => import("./commands/notify-test.ts"),
    "stationmaster notify test page",
  );
}
