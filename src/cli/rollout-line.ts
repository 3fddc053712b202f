import colors from "picocolors";
import { FINAL_STATES } from "../contract/rollout.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { state } from "./output.ts";

/** What the terminal of `up` says of a rollout that began or ended elsewhere: `deploy r3 by alice: FAILED SM-UNIT-UNHEALTHY: …`. */
export function rolloutLine({ kind, release, actor, state: now, failure, reason, plan }: RolloutRow): string {
  const many = plan.hosts && plan.hosts.length > 1 ? ` on ${plan.hosts.length} hosts` : "";
  const who = `${kind} ${release}${many} by ${actor.replace(/^cli:/, "")}`;
  if (!FINAL_STATES.includes(now)) return `${colors.dim("→")} ${who} begins`;
  const why = failure ? ` ${failure.code}: ${failure.message}` : reason ? ` ${reason}` : "";
  return `${colors.dim("→")} ${who}: ${state(now)}${why.replace(/\s+/g, " ")}`;
}
