import { setTimeout as delay } from "node:timers/promises";
import type { QueuedDeploy } from "../contract/hold.ts";
import { PolicyError, toKnownError } from "../core/errors.ts";
import type { UseCases } from "../daemon/usecases.ts";
import { underWayText } from "./hold-lines.ts";
import { actor } from "./session.ts";

const LOOK_MS = 1_000;
const AUDIT = 50;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

type Waiting = Pick<UseCases, "queued" | "unqueue" | "rollout" | "audit">;

/**
 * Waits until a queued deployment has begun and answers its rollout's id; undefined when Ctrl-C took it back. Throws PolicyError
 * `SM-QUEUE-LEFT` when it will not begin: a newer one took its place, or it is not any more what was agreed to.
 */
export async function waitTurn(
  usecases: Waiting,
  queued: QueuedDeploy,
  tell: (line: string) => void,
): Promise<string | undefined> {
  const { id, release } = queued;
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  for (const signal of SIGNALS) process.on(signal, leave);
  try {
    let told = "";
    for (;;) {
      const found = await usecases.queued();
      if (found?.id !== id) {
        if (await hasBegun(usecases, id)) return id;
        throw left(await why(usecases, id), found, queued);
      }
      if (leaving.signal.aborted && (await takeBack(usecases, id))) {
        tell(`${release} is not shipped`);
        return undefined;
      }
      const { waitsFor } = found;
      const seen = `${waitsFor?.rollout} ${waitsFor?.state}`;
      if (waitsFor && seen !== told) tell(`waits for the rollout ${underWayText(waitsFor)}; Ctrl-C takes it back`);
      told = seen;
      await delay(LOOK_MS, undefined, { signal: leaving.signal.aborted ? undefined : leaving.signal }).catch(() => {});
    }
  } finally {
    for (const signal of SIGNALS) process.off(signal, leave);
  }
}

/** False when it was begun, or dropped, at the same moment. */
async function takeBack(usecases: Waiting, id: string): Promise<boolean> {
  return await usecases.unqueue(actor(), id).then(
    () => true,
    () => false,
  );
}

async function hasBegun(usecases: Waiting, id: string): Promise<boolean> {
  return await usecases.rollout(id).then(
    () => true,
    (error: unknown) => {
      if (toKnownError(error).code === "SM-ROLLOUT-UNKNOWN") return false;
      throw error;
    },
  );
}

async function why(usecases: Waiting, id: string): Promise<Record<string, unknown>> {
  const entries = await usecases.audit(AUDIT);
  const found = entries.findLast(({ action, subject }) => action === "rollout.unqueued" && subject === id);
  return { by: found?.actor, ...found?.detail };
}

function left(
  { by, code, why: reason, for: other }: Record<string, unknown>,
  now: QueuedDeploy | null,
  { release, environment }: QueuedDeploy,
): PolicyError {
  const newer = other ?? now?.release;
  const nothing = code === "SM-DEPLOY-NOTHING" ? "what runs is the same by now" : undefined;
  const because =
    reason ?? nothing ?? (newer ? `${newer} of ${by ?? now?.actor} took its place` : `${by} took it back`);
  return new PolicyError({
    code: "SM-QUEUE-LEFT",
    message: `${release} is not shipped: ${because}`,
    next: `look at the plan of now: stationmaster deploy ${environment} --plan`,
  });
}
