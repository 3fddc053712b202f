import { Command, type CommanderError, Option } from "commander";
import { addCheckCommands } from "./check-program.ts";
import { command } from "./command.ts";
import { addDevOpsCommands } from "./devops-program.ts";
import { usageError } from "./failure.ts";
import { addHealCommands } from "./heal-program.ts";
import { addIncidentVerbs, addSilenceCommands } from "./incident-program.ts";
import { addNotifyCommands } from "./notify-program.ts";
import { addIncidentCommands, addOutsideCommands } from "./outside-program.ts";
import { addPreviewCommands } from "./preview-program.ts";
import { addActionItemCommands, addReportCommands } from "./report-program.ts";
import { addRepositoryCommands } from "./repository-program.ts";

const GLOBAL_HELP = `
Examples:
  stationmaster init                     write stationmaster.yaml for the application in this folder
  stationmaster up                       deploy, watch and heal it; Ctrl-C stops everything
  stationmaster deploy local             ship what the manifest and files say now
  stationmaster rollback local           go back to the release before
  stationmaster status --json            for programs

Exit codes: 0 done, 1 failed, 2 bad usage or configuration, 3 refused by policy,
4 begun but the outcome is unknown`;

/** Every command with its options and help. Implementations are imported when they run, so that --help stays fast. */
export function buildProgram(): Command {
  const program = new Command("stationmaster")
    .description("The DevOps engineer you can install: deploys, watches and heals an application")
    .version("0.1.0")
    .option("--config <file>", "the manifest (STATIONMASTER_CONFIG; default stationmaster.yaml)")
    .option(
      "--state <dir>",
      "where a run keeps everything (STATIONMASTER_STATE; default .stationmaster beside the manifest)",
    )
    .option("--env <name>", "environment of the manifest; the first one by default")
    .option("--json", "one JSON document instead of text (logs: one a line), errors too")
    .option("--verbose", "print the stack of an error")
    .addHelpText("after", GLOBAL_HELP);

  command(
    program,
    "init [folder]",
    "write stationmaster.yaml for the application in a folder",
    () => import("./commands/init.ts"),
    "stationmaster init --yes",
  )
    .option("--yes", "take the best guess everywhere")
    .option("--force", "replace an existing manifest");
  addRepositoryCommands(program);
  command(
    program,
    "up",
    "the daemon: deploy, watch, heal, dashboard; Ctrl-C stops everything it started",
    () => import("./commands/up.ts"),
    "stationmaster up --port 0 --detach",
  )
    .option("--port <number>", "of the dashboard and API; 0 = any free one (STATIONMASTER_PORT; default 4700)")
    .option("--host <address>", "to listen on; beyond loopback a token is needed", "127.0.0.1")
    .option("--token <token>", "callers must send it as a bearer token (STATIONMASTER_TOKEN)")
    .option("--detach", "keep running in the background; stationmaster down ends it");
  command(
    program,
    "down [env]",
    "stop the daemon, the services and all that belongs to them; with --remove take an environment off its hosts",
    () => import("./commands/down.ts"),
    "stationmaster down",
  )
    .option("--remove", "what the environment has on its hosts goes: containers, routes, networks, images")
    .option("--volumes", "with --remove: its volumes and the data in them too")
    .option("--plan", "with --remove: stop after showing what would go")
    .option("--yes", "do not ask");
  command(
    program,
    "deploy [env]",
    "plan, confirm, then a rollout with live progress",
    () => import("./commands/deploy.ts"),
    "stationmaster deploy local --only api --strategy canary --yes",
  )
    .option("--only <services...>", "these services; the others stay as they are")
    .option("--release <name>", "name of the release, given to the processes as RELEASE")
    .addOption(
      new Option("--strategy <kind>", "how users get it").choices([
        ...["blue-green", "rolling", "canary", "canary-30m", "recreate"],
      ]),
    )
    .option("--plan", "stop after the plan")
    .option("--override <items...>", "items of the pre-flight to pass on one's own responsibility; needs --reason")
    .option("--break-glass", "deploy although the environment is closed; needs --reason, calls the people on call")
    .option("--reason <text>", "why; audited and announced")
    .option("--when-open", "where the environment is closed, begin when it opens; needs the daemon")
    .option("--yes", "do not ask");
  command(
    program,
    "rollback [env]",
    "return to a kept release",
    () => import("./commands/rollback.ts"),
    "stationmaster rollback local --to r3 --yes",
  )
    .option("--to <release>", "the release; the one before the current by default")
    .option("--plan", "stop after the plan")
    .option("--yes", "do not ask");
  command(
    program,
    "migrations [env]",
    "try the pending migrations on a scratch database, and show what is wrong with them",
    () => import("./commands/migrations.ts"),
    "stationmaster migrations production",
  ).option("--history", "try nothing: what was run so far, and how far backfills are");
  command(
    program,
    "contract <service> [env]",
    "take away what only older releases need of a database",
    () => import("./commands/contract.ts"),
    "stationmaster contract api production --yes",
  )
    .option("--plan", "stop after the plan")
    .option("--override <items...>", "items of the pre-flight to pass on one's own responsibility; needs --reason")
    .option("--break-glass", "go on although the environment is closed; needs --reason, calls the people on call")
    .option("--reason <text>", "why; audited and announced")
    .option("--yes", "do not ask");
  command(
    program,
    "promote [rollout]",
    "skip the remaining waits of a rollout",
    () => import("./commands/promote.ts"),
    "stationmaster promote",
  );
  command(
    program,
    "abort [rollout]",
    "end a rollout; users go back to the old release",
    () => import("./commands/abort.ts"),
    "stationmaster abort",
  ).option("--queued", "take back a deployment that waits");
  command(
    program,
    "lock [env]",
    "keep every deployment and restart from an environment until it is unlocked",
    () => import("./commands/lock.ts"),
    "stationmaster lock production --reason 'the database moves'",
  ).requiredOption("--reason <text>", "what others are told");
  command(
    program,
    "unlock [env]",
    "take a lock away, also somebody else's",
    () => import("./commands/unlock.ts"),
    "stationmaster unlock production",
  );
  command(
    program,
    "freeze [env]",
    "deploy nothing for a time; rollbacks and restarts go on",
    () => import("./commands/freeze.ts"),
    "stationmaster freeze production --until 3d --reason 'the fair'",
  )
    .option("--until <time>", "a duration or a time; until it is lifted where nothing is said")
    .option("--reason <text>", "what others are told")
    .option("--list", "the freezes there are");
  command(
    program,
    "unfreeze <freeze>",
    "end a freeze now",
    () => import("./commands/unfreeze.ts"),
    "stationmaster unfreeze fr-mi8x2k1p",
  );
  command(
    program,
    "status",
    "services, replicas, incidents and rollouts",
    () => import("./commands/status.ts"),
    "stationmaster status --json",
  );
  command(
    program,
    "logs <service>",
    "the last lines of a service's log, those of its last ended processes first",
    () => import("./commands/logs.ts"),
    "stationmaster logs api -f",
  )
    .option("-f, --follow", "go on with new lines until Ctrl-C")
    .option("-n, --lines <number>", "how many, 0 to 5000", "100")
    .option("--release <name>", "only processes of this release, ended ones too");
  command(
    program,
    "restart <service>",
    "replace the processes of a service by fresh ones, without a gap",
    () => import("./commands/restart.ts"),
    "stationmaster restart api --yes",
  ).option("--yes", "do not ask");
  addCheckCommands(program);
  command(
    program,
    "worker",
    "run a share of the checks of a daemon on the same DATABASE_URL, and take over its incidents while it is away",
    () => import("./commands/worker.ts"),
    "STATIONMASTER_SCHEMA=shop stationmaster worker --env production",
  );
  const incidents = command(
    program,
    "incidents [incident]",
    "open incidents, or one with its timeline",
    () => import("./commands/incidents.ts"),
    ["stationmaster incidents", "stationmaster incidents inc-mi8x2k1p", "stationmaster incidents --all --json"],
  )
    .option("--all", "those that are over too")
    .option("--review", "those whose post-mortem is due");
  addIncidentCommands(incidents);
  addIncidentVerbs(incidents);
  addActionItemCommands(incidents);
  addSilenceCommands(program);
  command(
    program,
    "ack <incident>",
    "take an incident: stops escalation and reminders, hides nothing",
    () => import("./commands/ack.ts"),
    "stationmaster ack inc-mi8x2k1p --note 'on it'",
  ).option("--note <text>", "what others should know");
  command(
    program,
    "approve <fact|incident>",
    "vouch for a fact (qa, migrations-tested, backup), or carry out the healing an incident proposes",
    () => import("./commands/approve.ts"),
    [
      "stationmaster approve qa --env production --release r6 --evidence 'run 1204'",
      "stationmaster approve inc-mi8x2k1p",
    ],
  )
    .option(
      "--release <name>",
      "a stored release, or the one that a plan names; what the manifest and files say now by default",
    )
    .option("--evidence <text>", "where the evidence is: a report, a run, a file");
  command(
    program,
    "releases",
    "the kept releases, newest first",
    () => import("./commands/releases.ts"),
    "stationmaster releases --json",
  );
  command(
    program,
    "doctor",
    "what works, what is missing and what that switches off",
    () => import("./commands/doctor.ts"),
    "stationmaster doctor",
  );
  const audit = program
    .command("audit")
    .description("the tamper-evident record of every action")
    .addHelpText("after", "\nExample:\n  stationmaster audit verify");
  command(
    audit,
    "list",
    "the last entries",
    () => import("./commands/audit-list.ts"),
    "stationmaster audit list -n 50",
  ).option("-n, --lines <number>", "how many", "50");
  command(
    audit,
    "verify",
    "recompute the hash chain; exit 1 when it is broken",
    () => import("./commands/audit-verify.ts"),
    "stationmaster audit verify",
  );
  addHealCommands(program);
  addPreviewCommands(program);
  addNotifyCommands(program);
  addReportCommands(program);
  addOutsideCommands(program);
  addDevOpsCommands(program);
  command(
    program,
    "completion <shell>",
    "print a completion script for bash, zsh or fish",
    () => import("./commands/completion.ts"),
    "source <(stationmaster completion bash)",
  )
    // The script asks with these.
    .addOption(new Option("--names <kind>", "the incidents, checks, services, … there are").hideHelp())
    .addOption(new Option("--like <text>", "with --names: those that begin so").default("").hideHelp());
  exitAsErrors(program);
  return program;
}

/** Usage errors become ours: one line, exit code 2. Help and version end with 0, also the help of a command without its verb. */
function exitAsErrors(parent: Command, name = parent.name()): void {
  parent.exitOverride((error: CommanderError) => {
    if (error.exitCode === 0 || error.code === "commander.help") process.exit(0);
    throw usageError(error, name);
  });
  parent.configureOutput({ outputError: () => {}, writeErr: (text) => process.stdout.write(text) });
  for (const child of parent.commands) exitAsErrors(child, `${name} ${child.name()}`);
}
