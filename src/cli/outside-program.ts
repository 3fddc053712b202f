import type { Command } from "commander";
import { command } from "./command.ts";

/** What is told to others: the public, Prometheus. */
export function addOutsideCommands(program: Command): void {
  const page = program
    .command("status-page")
    .description("the page for the public")
    .addHelpText("after", "\nExample:\n  stationmaster status-page export public");
  command(
    page,
    "export <folder>",
    "write the page, its JSON and its feed to a folder",
    () => import("./commands/status-page-export.ts"),
    "stationmaster status-page export public",
  );
  command(
    program,
    "rules",
    "alerting rules for Prometheus about the metrics of the daemon",
    () => import("./commands/rules.ts"),
    "stationmaster rules --out /etc/prometheus/stationmaster.yaml",
  ).option("--out <file>", "write them there instead of printing them");
}

/** What people do with incidents beside looking at them. */
export function addIncidentCommands(incidents: Command): void {
  command(
    incidents,
    "publish <incident>",
    "add a text for the public to the status page",
    () => import("./commands/incidents-publish.ts"),
    "stationmaster incidents publish inc-mi8x2k1p --text 'Sign-in fails for some of you. We are on it.'",
  ).requiredOption("--text <text>", "what everybody may read, at most 2000 characters");
}
