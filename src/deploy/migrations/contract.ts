import { FINAL_STATES, type RolloutState } from "../../contract/rollout.ts";
import { PolicyError } from "../../core/errors.ts";
import { describeRange, fits, type RangedRelease } from "./schema-range.ts";

/** What a contract rollout would end. */
export interface ContractPlan {
  /** Migrations in order. */
  migrations: string[];
  /** Where the schema will stand, which is the oldest one a release may need from then on. */
  position: number;
  /** Kept releases that one cannot go back to afterwards. */
  ends: string[];
}

/**
 * What taking away the old schema means. Pure. Refuses unless the last rollout has SUCCEEDED, before which its warm window is open
 * (`SM-CONTRACT-WINDOW`), and where a release that runs would be below the new minimum (`SM-CONTRACT-RUNNING`). `running` and `kept`
 * with their ranges as they are once the migrations ran.
 */
export function planContract({
  service,
  migrations,
  position,
  last,
  running,
  kept,
}: {
  service: string;
  migrations: readonly string[];
  position: number;
  /** The state of the environment's last rollout of another kind. */
  last: RolloutState | undefined;
  running: readonly RangedRelease[];
  kept: readonly RangedRelease[];
}): ContractPlan {
  if (last !== "SUCCEEDED")
    throw new PolicyError({
      code: "SM-CONTRACT-WINDOW",
      message: `${service}: the last rollout ${last === undefined ? "is not known" : `is ${last}`}, and a contract migration takes away the way back`,
      next:
        last && FINAL_STATES.includes(last) ? "deploy until a rollout has SUCCEEDED" : "wait until it has SUCCEEDED",
    });
  const old = running.find(({ range }) => !fits(range, position));
  if (old)
    throw new PolicyError({
      code: "SM-CONTRACT-RUNNING",
      message: `${service}: ${old.name} is running, and it runs on schema ${describeRange(old.range)} only, not on ${position}`,
      next: "deploy a release that does without what the migration drops, then try again",
    });
  const serving = new Set(running.map(({ name }) => name));
  const ends = kept.filter(({ name, range }) => !serving.has(name) && !fits(range, position)).map(({ name }) => name);
  return { migrations: [...migrations], position, ends };
}
