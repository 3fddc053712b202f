import { checkKey } from "../config/check-options.ts";
import type { CheckConfig } from "../config/checks.ts";
import type { Manifest } from "../config/load.ts";
import type { Clock } from "../core/clock.ts";
import { toKnownError } from "../core/errors.ts";
import type { Redactor } from "../core/redact.ts";
import type { AskedCheck, PostSources } from "../deploy/post/types.ts";
import { namedCheckId } from "../watch/check-id.ts";
import { namedCheck, servicesOf } from "../watch/named.ts";
import { PROBES } from "../watch/probes/registry.ts";
import { runProbe } from "../watch/probes/run.ts";
import { resolver } from "./resolver.ts";

/** Of a release they say more than its health: those that go over the network, each run of which stands for itself. */
const ASKED: readonly string[] = ["url", "tcp", "tls", "dns", "postgres", "redis"];
const PAUSE_MS = 500;

interface Sources {
  manifest: Pick<Manifest, "checks">;
  environment: string;
  clock: Clock;
  redact: Redactor | ((text: string) => string);
  resolve(text: string, where: string): Promise<string>;
  /** Since when the watch knows a check of this id to be down, epoch ms; null where it does not. */
  downSince(id: string): Promise<number | null>;
}

/** Asks checks of the manifest for a release, as the watch does. */
export function postChecks(sources: Sources): Pick<PostSources, "journeys" | "checks"> {
  const askAll = async (chosen: (check: CheckConfig) => boolean, since: number, signal: AbortSignal) => {
    const checks = Object.entries(sources.manifest.checks).filter(([, check]) => chosen(check));
    const work = checks.map(async ([name, check]) =>
      notOurs(sources, await ask(sources, { name, check }, signal), since),
    );
    return await Promise.all(work);
  };
  return {
    journeys: async (since, signal) => await askAll(({ steps }) => steps !== undefined, since, signal),
    checks: async (services, since, signal) =>
      await askAll(
        (check) => ASKED.includes(checkKey(check)) && servicesOf(check).some((name) => services.includes(name)),
        since,
        signal,
      ),
  };
}

/** What was down before the release is no fault of it, and must not keep out one that mends something. */
async function notOurs({ environment, downSince }: Sources, asked: AskedCheck, since: number): Promise<AskedCheck> {
  if (asked.outcome !== "fail") return asked;
  const known = await downSince(namedCheckId(environment, asked.name));
  if (known === null || known >= since) return asked;
  return { ...asked, outcome: "unknown", detail: `was down before this rollout, and is: ${asked.detail}` };
}

/** A failure is confirmed by a second run; what changes nothing in its target is asked until its time limit is over. */
async function ask(
  sources: Sources,
  { name, check }: { name: string; check: CheckConfig },
  signal: AbortSignal,
): Promise<AskedCheck> {
  const { environment, clock, redact } = sources;
  try {
    const resolve = await resolver(sources, JSON.stringify(check), `checks.${name}`);
    const [spec] = namedCheck(name, check, { environment, routes: {}, resolve });
    if (!spec) return { name, outcome: "unknown", detail: "it has no address" };
    const end = clock.monotonic() + (PROBES[spec.type].sideEffects ? 0 : spec.timeoutMs);
    for (let runs = 1; ; runs++) {
      const { outcome, detail } = await runProbe(spec, {
        ...{ clock, redact, signal },
        processes: async () => ({ alive: 1, expected: 1, detail: null }),
      });
      signal.throwIfAborted();
      if (outcome !== "fail") return { name, outcome: outcome === "slow" ? "ok" : outcome, detail: detail ?? "" };
      if (runs > 1 && clock.monotonic() >= end) return { name, outcome, detail: detail ?? "" };
      await clock.sleep(PAUSE_MS, signal);
    }
  } catch (error) {
    signal.throwIfAborted();
    // Another environment's address, or a secret that only the watch has.
    return { name, outcome: "unknown", detail: toKnownError(error).message };
  }
}
