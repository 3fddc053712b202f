import { statfs } from "node:fs/promises";
import { ExternalError } from "../core/errors.ts";
import type { Engine } from "./engine.ts";
import { isShared } from "./store.ts";

const DEADLINE_MS = 10_000;
/** With less the embedded store refuses what is new, though it still changes what it has. */
const LEAST_FREE_BYTES = 1_000_000;

/**
 * Tells the outside heartbeat that this daemon lives and can write down an incident; call it each minute. When it stops, that
 * service tells people. `record` is some write to the store. Throws `SM-DEADMAN` without the address, whose path is mostly its
 * password.
 */
export async function beat(engine: Engine, record: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  const { deadman } = engine.manifest.watch;
  if (deadman === undefined) return;
  const mute = await whyMute(engine, record);
  if (mute !== null && !signal.aborted)
    throw new ExternalError({
      code: "SM-DEADMAN",
      message: `the outside heartbeat is not told, since nobody could be told of an incident: ${mute}`,
      next: "see stationmaster doctor",
      retryable: true,
    });
  const url = await engine.resolve(deadman, "watch.deadman");
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  const status = await fetch(url, { redirect: "manual", signal: deadline }).then(
    async (response) => {
      await response.body?.cancel().catch(() => {});
      return response.ok ? undefined : `it answered ${response.status}`;
    },
    () => (deadline.aborted ? "it did not answer in time" : "it cannot be reached"),
  );
  if (status === undefined || signal.aborted) return;
  throw new ExternalError({
    code: "SM-DEADMAN",
    message: `the outside heartbeat at ${URL.parse(url)?.host ?? "an invalid url"} did not hear of us: ${status}`,
    next: "it is told again in a minute; check watch.deadman",
    retryable: true,
  });
}

/** Why an incident could not be written down, and so nobody be told of it; null when it could. */
async function whyMute({ place }: Engine, record: () => Promise<unknown>): Promise<string | null> {
  const written = await record().then(
    () => true,
    () => false,
  );
  if (!written) return "the store takes no writes";
  if (isShared()) return null;
  const { bavail, bsize } = await statfs(place.stateDir);
  return bavail * bsize < LEAST_FREE_BYTES ? `the disk of ${place.stateDir} is full` : null;
}
