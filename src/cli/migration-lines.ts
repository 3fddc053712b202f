import colors from "picocolors";
import type { Backfill, MigratingService, MigrationHistory, MigrationReport } from "../contract/migration.ts";
import { plural } from "../core/plural.ts";
import { localTime, table } from "./output.ts";
import { hang, migrationLines } from "./plan-lines.ts";

/** What is pending, how it was tried and what waits, for people. */
export function reportLines({
  environment,
  release,
  services,
  migrations,
  backfills,
  recorded,
}: MigrationReport): string[] {
  if (services.length === 0) return noMigrations(environment);
  return [
    colors.bold(`${release} in ${environment}`),
    ...services.flatMap((item) => [
      ...migrations.filter(({ service }) => service === item.service).flatMap(migrationLines),
      ...triedLines(item),
    ]),
    ...backfills.flatMap(backfillLines),
    ...migrations
      .filter(({ kind }) => kind === "contract")
      .flatMap(({ service }) => contractLines(service, environment)),
    ...(recorded
      ? hang("", `recorded: plans of this content know it (stationmaster deploy ${environment} --plan)`)
      : []),
  ];
}

/** What rollouts ran so far, for people. */
export function historyLines({ environment, services, runs, backfills }: MigrationHistory): string[] {
  if (services.length === 0) return noMigrations(environment);
  const rows = runs.map(({ service, id, kind, position, outcome, startedAt, rollout }) => [
    ...[service, id, kind, String(position), outcome ?? "under way", localTime(startedAt), rollout ?? ""],
  ]);
  return [
    ...services.map(
      ({ service, tool, position }) =>
        `${service} (${tool}): ${position === null ? "nothing was run yet" : `schema at position ${position}`}`,
    ),
    ...(rows.length > 0
      ? [table(["service", "migration", "kind", "position", "ended", "begun", "rollout"], rows)]
      : []),
    ...backfills.flatMap(backfillLines),
  ];
}

function noMigrations(environment: string): string[] {
  return hang("", `no service of ${environment} has migrations: \`migrate\` in the manifest says how they are run`);
}

function triedLines({ service, evidence, safe, position }: MigratingService): string[] {
  const lines = hang(`${service}: `, `${evidence}; schema at position ${position} afterwards`, { indent: 2 });
  return safe ? lines : lines.map((line) => colors.yellow(line));
}

function contractLines(service: string, environment: string): string[] {
  return hang(
    "contract: ",
    `when no release that you may go back to needs the old schema: stationmaster contract ${service} ${environment}`,
    { indent: 2 },
  );
}

const STANDING: Record<Backfill["state"], string> = {
  pending: "begins after its deployment",
  waiting: "waits until its release serves",
  running: "runs in the daemon",
  failed: "failed",
};

function backfillLines({ service, id, state, rows, batches, note }: Backfill): string[] {
  const done = batches > 0 ? `, ${plural(rows, "row")} in ${batches === 1 ? "1 batch" : `${batches} batches`}` : "";
  return hang(`${service}: backfill ${id} `, `${STANDING[state]}${done}${note === null ? "" : `: ${note}`}`, {
    indent: 2,
  });
}
