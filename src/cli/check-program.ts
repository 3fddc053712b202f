import { type Command, Option } from "commander";
import type { CheckType, Verdict } from "../contract/check.ts";
import type { CheckSort } from "../contract/check-list.ts";
import { command } from "./command.ts";

// Not read from the schemas: loading them would hold up every --help.
const VERDICTS: readonly Verdict[] = ["UP", "SUSPECT", "DOWN", "DEGRADED", "INTERMITTENT", "UNKNOWN"];
const TYPES: readonly CheckType[] = [
  ...(["http", "tcp", "tls", "dns", "ping", "browser"] as const),
  ...(["process", "postgres", "redis", "heartbeat", "steps"] as const),
];
const SORTS: readonly CheckSort[] = ["verdict", "id", "since", "uptime", "p95"];

/** What is asked, and how it is kept. */
export function addCheckCommands(program: Command): void {
  command(
    program,
    "checks [check]",
    "every check with its verdict and figures, or one with all that is known of it",
    () => import("./commands/checks.ts"),
    [
      "stationmaster checks --failing --service api",
      "stationmaster checks local/api/health --results",
      "stationmaster checks login --run",
    ],
  )
    .addOption(new Option("--verdict <verdict>", "only those that say this").choices(VERDICTS))
    .option("--failing", "only those that are neither UP nor UNKNOWN")
    .option("--service <name>", "only those of a service")
    .addOption(new Option("--type <type>", "only those of a type").choices(TYPES))
    .addOption(new Option("--sort <by>", "the worst first; id: from A to Z").choices(SORTS))
    .option("--workers", "who runs them where several processes share them, and how the scheduler keeps up")
    .option("--results", "with a name: its single results of the last 48 hours that are kept")
    .option("--run", "with a name: run it now")
    .option(
      "--new-token",
      "with the name of a heartbeat: a new address for its job; the one before is refused from then on",
    );
  command(program, "slo", "what is promised of the services, and how it is kept", () => import("./commands/slo.ts"), [
    "stationmaster slo",
    "stationmaster slo --json",
  ]);
}
