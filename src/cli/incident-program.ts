import { type Command, Option } from "commander";
import { command } from "./command.ts";

const SEVERITIES = ["SEV1", "SEV2", "SEV3"];

/** What people do to incidents. */
export function addIncidentVerbs(incidents: Command): void {
  command(
    incidents,
    "open",
    "open an incident that no check has seen",
    () => import("./commands/incidents-open.ts"),
    "stationmaster incidents open --service api --symptom 'orders are charged twice' --severity SEV1",
  )
    .option("--service <name>", "the service it is about; the whole environment by default")
    .requiredOption("--symptom <text>", "what users see")
    .addOption(new Option("--severity <level>", "how bad it is").choices(SEVERITIES).makeOptionMandatory());
  command(
    incidents,
    "close <incident>",
    "end the review of an incident, or one that was opened by hand",
    () => import("./commands/incidents-close.ts"),
    "stationmaster incidents close inc-mi8x2k1p --note 'pool size raised, see PR 41'",
  ).requiredOption("--note <text>", "what was found, or why it is over");
  command(
    incidents,
    "severity <incident> <level>",
    "set the severity, up or down; by itself it only rises",
    () => import("./commands/incidents-severity.ts"),
    "stationmaster incidents severity inc-mi8x2k1p SEV3 --note 'only the demo account'",
  ).option("--note <text>", "why");
  command(
    incidents,
    "freeze <incident>",
    "stop healing of an incident",
    () => import("./commands/incidents-freeze.ts"),
    "stationmaster incidents freeze inc-mi8x2k1p",
  );
  command(
    incidents,
    "unfreeze <incident>",
    "allow healing of an incident again",
    () => import("./commands/incidents-unfreeze.ts"),
    "stationmaster incidents unfreeze inc-mi8x2k1p",
  );
}

/** `silence` and its verbs. */
export function addSilenceCommands(program: Command): void {
  const silence = program
    .command("silence")
    .description("times in which nothing opens or pages, while checks go on")
    .addHelpText("after", "\nExample:\n  stationmaster silence check=web/health --for 2h --reason 'new disks'");
  command(
    silence,
    "add <matcher...>",
    "silence what fits: service=NAME, check=NAME, environment=NAME, severity=SEV1",
    () => import("./commands/silence-add.ts"),
    [
      "stationmaster silence service=api --for 2h --reason 'new disks' --maintenance",
      `stationmaster silence check=login --for 28d --cron "0 2 * * 0" --lasts 2h --reason 'weekly restore'`,
      "stationmaster silence severity=SEV3 --for 8h --reason night --dry-run",
    ],
    { isDefault: true },
  )
    .requiredOption("--for <time>", "how long, or until when; at most 30 days")
    .requiredOption("--reason <text>", "what others are told")
    .option("--from <time>", "when it begins; now by default")
    .option("--maintenance", "results count neither for nor against the uptime meanwhile")
    .option("--cron <line>", "only in spans that begin then; needs --lasts")
    .option("--lasts <time>", "length of such a span")
    .option("--zone <name>", "time zone of the cron line", "UTC")
    .option("--dry-run", "show the checks it would be about, and silence nothing");
  command(
    silence,
    "list",
    "silences and maintenance windows that stand",
    () => import("./commands/silence-list.ts"),
    "stationmaster silence list --json",
  ).option("--all", "also those that are over");
  command(
    silence,
    "end <silence>",
    "end a silence now",
    () => import("./commands/silence-end.ts"),
    "stationmaster silence end sil-mi8x2k1p",
  );
}
