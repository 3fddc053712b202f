import type { Command } from "commander";
import { command } from "./command.ts";

/** What people see of healing and decide about it. */
export function addHealCommands(program: Command): void {
  command(
    program,
    "heal [incident]",
    "what healing would do next for an incident, and what stands in its way",
    () => import("./commands/heal.ts"),
    [
      "stationmaster heal inc-mi8x2k1p",
      "stationmaster heal inc-mi8x2k1p --now",
      "stationmaster heal --figures --days 7",
    ],
  )
    .option("--plan", "only look, which is what happens without an option")
    .option("--now", "carry the next remedy out on your own word; recorded, and counted for nothing")
    .option("--figures", "how well healing went: success and regret by rung and by what had failed")
    .option("--days <number>", "with --figures: of how many days, 1 to 400", "30")
    .option("--yes", "do not ask");
  command(
    program,
    "decline <incident>",
    "refuse the healing an incident proposes; people are called",
    () => import("./commands/decline.ts"),
    "stationmaster decline inc-mi8x2k1p --reason 'the disk is full, a restart makes it worse'",
  ).requiredOption("--reason <text>", "why; kept with the incident");
}
