import { toKnownError } from "../core/errors.ts";
import { setState } from "../store/rollouts.ts";
import { takeOver } from "./foreign.ts";
import type { Run } from "./run.ts";
import { settleStrays } from "./strays.ts";

const TIDY_MS = 60_000;

type Unbegun = Pick<Run, "dependencies" | "row" | "lease">;

/**
 * What an interrupted restart left is put in order before a rollout begins; one that cannot do it ends, nothing was done for it.
 * `signal` is the lease's.
 */
export async function tidied({ signal, ...site }: Unbegun & Pick<Run, "signal">): Promise<boolean> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIDY_MS)]);
  try {
    await settleStrays({ ...site, signal: limit });
    await takeOver({ ...site, signal: limit }, site.row.plan);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    await endUnbegun(site, error);
    return false;
  }
}

/** Gives an end that says why to a rollout that nothing was done for. */
export async function endUnbegun({ dependencies, row, lease }: Unbegun, error: unknown): Promise<void> {
  const { code, message, next = null } = toKnownError(error);
  const failure = { code, message, next, service: null, logs: [], probe: null };
  const reason = `${code}: ${message}`;
  await setState(dependencies.store.db, lease, row.id, { state: "FAILED", reason, failure, finished: true });
}
