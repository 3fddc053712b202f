import { ruleOf } from "./remedy-classes.ts";

/** From here on a deployment is taken for the cause. */
export const BLAMED = 0.7;
const BEFORE_ONSET_MS = 60 * 60_000;

export interface Suspicion {
  /** When the deployment ended and when the failure began, epoch ms. */
  deployedAt: number;
  onset: number;
  /** Services whose code or settings it changed, and services that fail. */
  deployed: readonly string[];
  failing: readonly string[];
  classes: readonly (string | null)[];
}

/**
 * How much speaks for the last deployment as the cause of a failure, 0 to 1: the product of three factors.
 *
 * Time: 1 right after the deployment, falling evenly to 0.7 after 60 min, 0 beyond that or where the failure is older. Share:
 * the part of the failing services that the release changed; a fault that also has services it left alone is rather something
 * they have in common. Class: 1 for what code and settings break (5xx, wrong answers, crashes), 0.85 for connections that
 * stall, 0.5 for what comes from elsewhere (certificates, names, quotas); of several the most telling counts.
 *
 * So with 0.7 as the bar a release that alone is affected, by a failure that releases cause, is blamed for an hour; with
 * stalled connections for 35 min; with another service failing beside three of its own for 13 min; a certificate never.
 */
export function changeScore({ deployedAt, onset, deployed, failing, classes }: Suspicion): number {
  const age = onset - deployedAt;
  if (age < 0 || age > BEFORE_ONSET_MS || failing.length === 0) return 0;
  const time = 1 - (1 - BLAMED) * (age / BEFORE_ONSET_MS);
  const share = failing.filter((service) => deployed.includes(service)).length / failing.length;
  return time * share * Math.max(0, ...classes.map((name) => ruleOf(name).deploy));
}
