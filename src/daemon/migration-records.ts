import { z } from "zod";
import { PlannedMigration } from "../contract/rollout.ts";
import { digest } from "../deploy/desired.ts";
import { type Content, contentOf, untested } from "../deploy/preflight/content.ts";
import type { MigrationFact } from "../deploy/preflight/facts.ts";
import { listApprovals } from "../store/approvals.ts";
import { migrationRuns } from "../store/migration-runs.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import type { Engine } from "./engine.ts";
import type { Planned } from "./planned.ts";

/** What a test run found of one service; stored with the approval, for the plans that follow. */
const Seen = z.object({
  service: z.string(),
  /** Of `migrate` in the manifest: other settings are other migrations. */
  settings: z.string(),
  checksums: z.array(z.object({ id: z.string(), checksum: z.string() })),
  position: z.number(),
  /** Why they failed on the scratch database. */
  failed: z.string().nullable(),
  planned: z.array(PlannedMigration),
});
export type Seen = z.infer<typeof Seen>;

const Evidence = z.object({ content: z.record(z.string(), z.string()), migrations: z.array(Seen) });

/** Test runs that went well count as somebody's word; the others only tell plans what is pending. */
export const RECORDS = { good: "migrations-tested", other: "migrations-seen" } as const;

/** Says whether two releases of a service have the same migration settings. */
export function settingsOf({ migrate }: Pick<ReleasedService, "migrate">): string {
  return digest(migrate ?? null);
}

/** The services of a plan that may have something to migrate. */
export function migratingIn({ plan, services }: Pick<Planned, "plan" | "services">): string[] {
  return plan.services
    .filter(({ action, service }) => action !== "keep" && action !== "remove" && services[service]?.migrate)
    .map(({ service }) => service);
}

/** What the newest test run of the content of a plan says of it; undefined where there is none. */
export async function knownMigrations(
  { store, manifest, environment }: Engine,
  planned: Planned,
): Promise<{ migrations: PlannedMigration[]; facts: MigrationFact[] } | undefined> {
  const place = { app: manifest.project, env: environment };
  const names = migratingIn(planned);
  const content = contentOf(planned.services);
  const wanted: Content = Object.fromEntries(names.map((name) => [name, content[name] ?? ""]));
  const isOfPlan = ({ content: tried, migrations }: z.infer<typeof Evidence>) =>
    untested(wanted, tried).length === 0 &&
    names.every((name) => {
      const seen = migrations.find(({ service }) => service === name);
      return seen && seen.settings === settingsOf(planned.services[name] ?? {});
    });
  const record = (await listApprovals(store.db, place))
    .filter(({ what, who }) => who === "stationmaster" && (what === RECORDS.good || what === RECORDS.other))
    .map(({ evidence }) => Evidence.safeParse(evidence).data)
    .find((evidence) => evidence && isOfPlan(evidence));
  if (!record) return undefined;
  const now = await Promise.all(
    record.migrations
      .filter(({ service }) => names.includes(service))
      .map(async (seen) => stillPending(seen, await appliedSince({ store }, { ...place, service: seen.service }))),
  );
  return { migrations: now.flatMap(({ planned: list }) => list), facts: now.map(toFact) };
}

/** A rollout of before may have applied them. */
async function appliedSince({ store }: Pick<Engine, "store">, key: { app: string; env: string; service: string }) {
  const runs = await migrationRuns(store.db, key);
  return new Set(runs.filter(({ outcome }) => outcome === "done").map(({ id }) => id));
}

function stillPending(seen: Seen, applied: ReadonlySet<string>): Seen {
  const checksums = seen.checksums.filter(({ id }) => !applied.has(id));
  const planned = seen.planned
    .map((item) => ({ ...item, pending: item.pending.filter((id) => !applied.has(id)) }))
    .filter(({ pending }) => pending.length > 0);
  return { ...seen, checksums, planned };
}

function toFact({ service, checksums, position, failed, planned }: Seen): MigrationFact {
  const rules = planned.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  return {
    service,
    position,
    checksums: checksums.map(({ checksum }) => checksum),
    unsafe: [...new Set(rules), ...(failed === null ? [] : [failed])],
  };
}
