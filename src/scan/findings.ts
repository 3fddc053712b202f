import type { Fact, NearMiss } from "./fact.ts";
import type { Conflict } from "./resolve.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Unit } from "./units.ts";

/** What is known of a unit: its facts by name, those that occur several times as `env.DATABASE_URL`. */
export interface UnitFacts {
  unit: Unit;
  facts: ReadonlyMap<string, Fact>;
  conflicts: readonly Conflict[];
}

/** Everything a scan found, before it is told. */
export interface Findings {
  snapshot: Snapshot;
  units: readonly UnitFacts[];
  misses: readonly NearMiss[];
}
