import type { Command } from "commander";
import { command } from "./command.ts";

/** `report` and `drill`. */
export function addReportCommands(program: Command): void {
  const report = command(
    program,
    "report <what> [incident]",
    "a report in Markdown: daily, audit, healing, or incident and postmortem of an incident; list: those that are kept",
    () => import("./commands/report.ts"),
    "stationmaster report postmortem inc-mi8x2k1p --out post-mortem.md",
  );
  report
    .option("--week <week>", "audit: the stored one of a week such as 2026-W09; made now by default")
    .option("--day <day>", "daily: the stored one of a day such as 2026-03-01; made now by default")
    .option("--days <number>", "healing: how far back", "30")
    .option("--out <file>", "write it there instead of printing it");
  command(
    program,
    "drill <check>",
    "try whether a check notices a fault and whether the page arrives; pages people with DRILL",
    () => import("./commands/drill.ts"),
    "stationmaster drill local/api/health --yes",
  ).option("--yes", "do not ask");
}

/** What is left to do after incidents. */
export function addActionItemCommands(incidents: Command): void {
  const action = incidents
    .command("action")
    .description("what is left to do after incidents")
    .addHelpText("after", "\nExample:\n  stationmaster incidents action list");
  command(
    action,
    "add <incident>",
    "add what somebody has to do",
    () => import("./commands/incidents-action-add.ts"),
    "stationmaster incidents action add inc-mi8x2k1p --text 'raise the pool size' --owner bob --due 2026-12-01",
  )
    .requiredOption("--text <text>", "what has to be done")
    .requiredOption("--owner <name>", "who does it")
    .requiredOption("--due <day>", "until when, such as 2026-12-01");
  command(
    action,
    "list [incident]",
    "what is left to do and what was done, by the day it is due",
    () => import("./commands/incidents-action-list.ts"),
    "stationmaster incidents action list",
  ).option("--all", "what was done too");
  command(
    action,
    "done <item>",
    "say that it is done",
    () => import("./commands/incidents-action-done.ts"),
    "stationmaster incidents action done act-mi8x2k1p",
  );
}
