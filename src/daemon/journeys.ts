import type { Manifest } from "../config/load.ts";
import type { Clock } from "../core/clock.ts";
import { toKnownError } from "../core/errors.ts";
import type { Redactor } from "../core/redact.ts";
import type { Journey } from "../deploy/post/types.ts";
import { namedCheck } from "../watch/named.ts";
import { runProbe } from "../watch/probes/run.ts";
import { resolver } from "./resolver.ts";

interface JourneySources {
  manifest: Manifest;
  environment: string;
  clock: Clock;
  redact: Redactor;
  resolve(text: string, where: string): Promise<string>;
}

/** Runs the checks with `steps` once, as the watch does; a failure is confirmed by a second run. */
export async function runJourneys(sources: JourneySources, signal: AbortSignal): Promise<Journey[]> {
  const named = Object.entries(sources.manifest.checks).filter(([, { steps }]) => steps !== undefined);
  return await Promise.all(named.map(async ([name]) => await journey(sources, name, signal)));
}

async function journey(sources: JourneySources, name: string, signal: AbortSignal): Promise<Journey> {
  const first = await runOnce(sources, name, signal);
  return first.outcome === "fail" ? await runOnce(sources, name, signal) : first;
}

async function runOnce(sources: JourneySources, name: string, signal: AbortSignal): Promise<Journey> {
  const { manifest, environment, clock, redact } = sources;
  const check = manifest.checks[name];
  try {
    const resolve = await resolver(sources, JSON.stringify(check), `checks.${name}`);
    const [spec] = check ? namedCheck(name, check, { environment, routes: {}, resolve }) : [];
    if (!spec) return { name, outcome: "unknown", detail: "it has no address" };
    const { outcome, detail } = await runProbe(spec, {
      ...{ clock, redact, signal },
      processes: async () => ({ alive: 1, expected: 1, detail: null }),
    });
    signal.throwIfAborted();
    return { name, outcome: outcome === "slow" ? "ok" : outcome, detail: detail ?? "" };
  } catch (error) {
    signal.throwIfAborted();
    // Another environment's address, or a secret that only the watch has.
    return { name, outcome: "unknown", detail: toKnownError(error).message };
  }
}
