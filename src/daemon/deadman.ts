import { ExternalError } from "../core/errors.ts";
import type { Engine } from "./engine.ts";

const DEADLINE_MS = 10_000;

/**
 * Tells the outside heartbeat that this daemon lives; call it each minute. When it stops, that service tells people. Throws
 * `SM-DEADMAN` without the address, whose path is mostly its password.
 */
export async function beat(engine: Engine, signal: AbortSignal): Promise<void> {
  const { deadman } = engine.manifest.watch;
  if (deadman === undefined) return;
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
