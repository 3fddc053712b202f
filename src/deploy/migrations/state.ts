import { createHash } from "node:crypto";
import { UserError } from "../../core/errors.ts";
import { kindOf, type Listed } from "./runners/runner.ts";
import type { Migration } from "./types.ts";

/** The migrations of a release and where the database stands among them. */
export interface SchemaState {
  migrations: Migration[];
  /** The highest position that is applied; 0 on an empty database. Backfills do not count: they change no schema. */
  position: number;
  /** The highest position there is. */
  newest: number;
}

/** Gives what a tool lists its positions. `ahead`: positions of applied migrations that this release does not have. */
export function schemaState(migrations: readonly Migration[], ahead: readonly number[] = []): SchemaState {
  const counted = migrations.filter(({ kind }) => kind !== "backfill");
  const highest = (list: readonly Migration[]) => Math.max(0, ...list.map(({ position }) => position));
  return {
    migrations: [...migrations],
    position: Math.max(highest(counted.filter(({ applied }) => applied)), ...ahead),
    newest: highest(counted),
  };
}

/** Numbers a tool's list. Its migrations run as a whole chain, so a mark says expand or contract; what never has a place gets 0. */
export function numbered(listed: readonly Listed[]): Migration[] {
  let position = 0;
  return listed.map(({ id, name, applied, checksum, unordered }) => ({
    id,
    position: unordered ? 0 : ++position,
    kind: kindOf(name ?? id) === "contract" ? "contract" : "expand",
    applied,
    checksum:
      checksum ??
      createHash("sha256")
        .update(`${id} ${name ?? ""}`)
        .digest("hex"),
  }));
}

/** What a run of migrations does: `fresh` brings up a database that nobody uses. */
export type Mode = "fresh" | "expand" | "contract";

export interface Selection {
  /** In order. */
  apply: Migration[];
  /** Nothing else is left, so the tool may do all it finds. */
  all: boolean;
  /** Contract migrations that wait for a rollout of their own. */
  contract: Migration[];
  /** Not begun yet. */
  backfill: Migration[];
}

/** Which of the pending migrations a run takes. Pure. `SM-MIGRATION-ORDER` where one stands in the way of another. */
export function select(service: string, { migrations }: SchemaState, mode: Mode): Selection {
  const pending = migrations.filter(({ applied }) => !applied);
  const of = (kind: Migration["kind"]) => pending.filter((migration) => migration.kind === kind);
  const [contract, backfill, expand] = [of("contract"), of("backfill"), of("expand")];
  if (mode === "fresh") return { apply: pending, all: true, contract: [], backfill: [] };
  if (mode === "expand") {
    const blocked = expand.find(({ position }) => position > (contract[0]?.position ?? Number.POSITIVE_INFINITY));
    if (blocked && contract[0])
      throw new UserError({
        code: "SM-MIGRATION-ORDER",
        message: `${service}: ${blocked.id} comes after the contract migration ${contract[0].id}, which has not run`,
        next: `run the contract migration first: stationmaster contract ${service}`,
      });
    return { apply: expand, all: contract.length === 0, contract, backfill };
  }
  const stop = expand.find(({ position }) => position > 0)?.position ?? Number.POSITIVE_INFINITY;
  const apply = contract.filter(({ position }) => position < stop);
  if (contract.length > 0 && apply.length === 0)
    throw new UserError({
      code: "SM-MIGRATION-ORDER",
      message: `${service}: ${contract[0]?.id} comes after an expand migration that has not run`,
      next: "deploy the release first",
    });
  const open = backfill.find(({ position }) => position < (apply.at(-1)?.position ?? 0));
  if (open)
    throw new UserError({
      code: "SM-MIGRATION-BACKFILL",
      message: `${service}: the backfill ${open.id} is not finished, and ${apply.at(-1)?.id} comes after it`,
      next: "wait for it: stationmaster migrations shows how far it is",
    });
  return {
    apply,
    all: apply.length === contract.length && expand.length === 0,
    contract: contract.slice(apply.length),
    backfill,
  };
}

/** Where the schema will stand. */
export function positionAfter({ position }: SchemaState, { apply }: Selection): number {
  return Math.max(position, ...apply.filter(({ kind }) => kind !== "backfill").map((migration) => migration.position));
}
