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
 * `SM-QUEUE-LEFT` when it will not begin: a newer one took its place, or it is not any more what was agreed to; `SM-DEPLOY-NOTHING`
 * when what it waited for has brought the same.
 */
export async function waitTurn(
  usecases: Waiting,
  queued: QueuedDeploy,
  tell: (line: string) => void,
): Promise<string | undefined> {
  const { id, release } = queued;
  const leaving = new AbortController();
  let back: Promise<boolean> | undefined;
  // At once: a look may begin it, or take as long as a rollout that a crash left; a second one ends the process as usual.
  const leave = () => {
    back ??= takeBack(usecases, id);
    leaving.abort();
  };
  for (const signal of SIGNALS) process.once(signal, leave);
  try {
    let told = "";
    for (;;) {
      const found = await usecases.queued();
      if (await back) {
        tell(`${release} is not shipped`);
        return undefined;
      }
      if (found?.id !== id) {
        if (await hasBegun(usecases, id)) return id;
        throw left(await why(usecases, id), found, queued);
      }
      back &&= takeBack(usecases, id);
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
  if (code === "SM-DEPLOY-NOTHING")
    return new PolicyError({
      code,
      message: `${release} is what ${environment} runs by now`,
      next: "there is nothing left to do",
    });
  const because = reason ?? (newer ? `${newer} of ${by ?? now?.actor} took its place` : `${by} took it back`);
  return new PolicyError({
    code: "SM-QUEUE-LEFT",
    message: `${release} is not shipped: ${because}`,
    next: `look at the plan of now: stationmaster deploy ${environment} --plan`,
  });
}
