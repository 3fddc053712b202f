import type { PlannedMigration, RolloutState } from "../../contract/rollout.ts";
import { migrationRuns } from "../../store/migration-runs.ts";
import type { ReleaseRow } from "../../store/tables/release.ts";
import { type ContractPlan, planContract } from "./contract.ts";
import { withSession } from "./database.ts";
import { driverOf } from "./drivers.ts";
import { type Inspection, inspect, withAhead } from "./inspect.ts";
import { unexcused } from "./lint/lint.ts";
import { schemaFacts } from "./ranges.ts";
import { positionAfter, select } from "./state.ts";
import type { MigrationWork } from "./work.ts";

/** What a deploy would do to the schema of a service. */
export interface MigrationPlan {
  /** As plans show it: what the deploy runs, and what waits for a rollout of its own. */
  planned: PlannedMigration[];
  tool: string;
  /** Of what the deploy runs. */
  checksums: { id: string; checksum: string }[];
  /** Backfills that have not begun. */
  backfill: string[];
  /** Where the schema will stand. */
  position: number;
  /** They ran on a scratch database with the target's schema, or there is nothing that they could be tried against. */
  tested: boolean;
  /** They failed there. */
  failed: boolean;
  /** How that is known, for people. */
  evidence: string;
}

/** Looks at the pending migrations of a release that is prepared, tries and judges them. Changes nothing in the application's database. */
export async function planMigrations(work: MigrationWork, { serving }: { serving: boolean }): Promise<MigrationPlan> {
  return await withSession(work, async (client, why) => {
    const rows = await migrationRuns(work.db, work);
    const options = { client, rows, asked: "expand", serving, tolerant: true } as const;
    const seen = await inspect(work, driverOf(work, client, why), options);
    return {
      planned: planned(work, seen),
      tool: work.settings.tool,
      checksums: seen.selection.apply.map(({ id, checksum }) => ({ id, checksum })),
      position: positionAfter(seen.state, seen.selection),
      backfill: seen.selection.backfill.map(({ id }) => id),
      tested: seen.tested || seen.fresh,
      failed: seen.failed,
      evidence: seen.evidence,
    };
  });
}

/** What a contract rollout of the release that serves would end; undefined where no contract migration is pending. Refuses as `planContract`. */
export async function planContractRollout(
  work: MigrationWork,
  place: {
    /** Newest first. */
    kept: readonly ReleaseRow[];
    /** Names of the releases that units run. */
    running: readonly string[];
    last: RolloutState | undefined;
  },
): Promise<ContractPlan | undefined> {
  return await withSession(work, async (client, why) => {
    const rows = await migrationRuns(work.db, work);
    const state = withAhead(await driverOf(work, client, why).read(), rows);
    const selection = select(work.service, state, "contract");
    if (selection.apply.length === 0) return undefined;
    const pending = selection.apply.map(({ position }) => position);
    const { releases } = await schemaFacts(work.db, work, place.kept, pending);
    return planContract({
      service: work.service,
      migrations: selection.apply.map(({ id }) => id),
      position: positionAfter(state, selection),
      last: place.last,
      running: releases.filter(({ name }) => place.running.includes(name)),
      kept: releases,
    });
  });
}

function planned(
  { service, settings: { tool } }: MigrationWork,
  { selection, findings }: Inspection,
): PlannedMigration[] {
  const names = (list: Inspection["selection"]["apply"]) => list.map(({ id }) => id);
  const shown = unexcused(findings).map(({ rule, statement, message }) => ({ rule, statement, message }));
  return [
    { service, tool, kind: "expand" as const, pending: names(selection.apply), findings: shown },
    { service, tool, kind: "contract" as const, pending: names(selection.contract), findings: [] },
  ].filter(({ pending }) => pending.length > 0);
}
