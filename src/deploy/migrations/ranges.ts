import type { Queryable } from "../../store/connect.ts";
import { expandedReleases, type MigrationKey, migrationRuns } from "../../store/migration-runs.ts";
import type { ReleaseRow } from "../../store/tables/release.ts";
import { type RangedRelease, rangeOf, requireFit } from "./schema-range.ts";

/** What is known of the schema of a service in an environment. */
export interface SchemaFacts {
  /** Where it stands; undefined: no rollout has looked yet. */
  position: number | undefined;
  /** In the order they were given. */
  releases: RangedRelease[];
}

/** Where the schema stands, and on which positions each of the releases runs. `pending`: contract migrations that are about to run. */
export async function schemaFacts(
  db: Queryable,
  key: MigrationKey,
  releases: readonly ReleaseRow[],
  pending: readonly number[] = [],
): Promise<SchemaFacts> {
  const expanded = await expandedReleases(db, key);
  const contracts = (await migrationRuns(db, key))
    .filter(({ kind, outcome }) => kind === "contract" && outcome === "done")
    .map(({ position }) => position);
  return {
    position: expanded[0]?.position,
    releases: releases.map(({ name, services }) => {
      const declared = services[key.service]?.schema;
      // Its first expand: a later contract rollout of the same release moved the schema, not what the release needs.
      const own = expanded.findLast(({ release }) => release === name);
      return { name, range: rangeOf({ declared, expanded: own, contracts: [...contracts, ...pending] }) };
    }),
  };
}

/**
 * Refuses (`SM-ROLLBACK-SCHEMA`) a rollback to a release that does not run on the schema as it stands, for every service of it with
 * migrations. `kept` are the releases one can go back to, newest first, the wanted one among them.
 */
export async function refuseRollback(
  db: Queryable,
  { app, env, wanted, running }: { app: string; env: string; wanted: string; running: string | undefined },
  kept: readonly ReleaseRow[],
): Promise<void> {
  const services = kept.find(({ name }) => name === wanted)?.services ?? {};
  for (const [service, { migrate, schema }] of Object.entries(services)) {
    if (!migrate && !schema) continue;
    const { position, releases } = await schemaFacts(db, { app, env, service }, kept);
    if (position !== undefined) requireFit({ env, service, wanted, position }, releases, running);
  }
}
