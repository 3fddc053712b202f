import { type KnownError, toKnownError } from "../core/errors.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import type { Engine } from "./engine.ts";
import type { Planned } from "./planned.ts";
import { carryOut } from "./rollouts.ts";

/** What a rollout that nobody waits for needs. */
export interface Background {
  /** It failed in a way that no journal holds. */
  onBackgroundError(error: KnownError): void;
  /** Tells the queue of a stored rollout, so that it is driven to its end even if this process dies. */
  wake?(rolloutId: string): void;
  /** Work that this process ends only after. */
  track?<T>(work: Promise<T>): Promise<T>;
}

/** Answers a rollout as soon as it has begun; it goes on by itself. What never began is told to who asked for it. */
export async function inBackground(
  engine: Engine,
  planned: Planned,
  { onBackgroundError, wake, track = (work) => work }: Background,
): Promise<RolloutRow> {
  const begun = Promise.withResolvers<RolloutRow>();
  track(carryOut(engine, planned, begun.resolve)).catch((error: unknown) => {
    begun.reject(error);
    begun.promise.then(
      () => onBackgroundError(toKnownError(error)),
      () => {},
    );
  });
  const row = await begun.promise;
  wake?.(row.id);
  return row;
}
