import type { GenerateTarget } from "../../contract/generate.ts";
import type { Cost } from "./cost.ts";
import type { Seen, Situation } from "./situation.ts";

/** Why a platform cannot have the application, with what shows it. */
export interface Disqualifier {
  reason: string;
  at: string;
}

type Rule = (situation: Situation) => { seen: Seen | undefined; reason: (seen: Seen) => string };

/** Vercel runs functions: nothing of it stays between two requests. */
const VERCEL: readonly Rule[] = [
  ({ sockets }) => ({ seen: sockets[0], reason: ({ what }) => `${what} keeps connections open, and functions end` }),
  ({ workers }) => ({
    seen: workers[0],
    reason: ({ what }) => `${what} works without requests, and only requests start something`,
  }),
  ({ state }) => ({ seen: state[0], reason: ({ what }) => `${what} is kept on disk, and no disk outlives a request` }),
  ({ migrations, pages }) => ({
    seen: pages.length > 0 ? undefined : migrations[0],
    reason: ({ what }) => `${what} has migrations, and there is no step before a release that runs them`,
  }),
  ({ services }) => {
    const other = services.find(
      ({ runtime, kind }) =>
        kind !== "spa" &&
        kind !== "static" &&
        runtime !== null &&
        !["node", "bun", "python", "go", "ruby"].includes(runtime.name),
    );
    return {
      seen: other && { what: other.name, at: `${other.path}` },
      reason: ({ what }) => `${what} is in a language that its functions do not run`,
    };
  },
];
/** Cloud Run and Container Apps keep no disk of their own; their file shares are too slow for databases. */
const NO_DISK: readonly Rule[] = [
  ({ state }) => ({
    seen: state.find(({ what }) => /sqlite|\.db$|\.sqlite3?$/.test(what)),
    reason: ({ what }) => `${what} needs a disk, and only shares over the network outlive a replica`,
  }),
];

const RULES: Partial<Record<GenerateTarget, readonly Rule[]>> = {
  vercel: VERCEL,
  gcp: NO_DISK,
  azure: NO_DISK,
  aws: NO_DISK,
};

/** Everything that rules a platform out; empty where it may be taken. */
export function disqualifiers(target: GenerateTarget, situation: Situation, cost: Cost | undefined): Disqualifier[] {
  const found = (RULES[target] ?? []).flatMap((rule) => {
    const { seen, reason } = rule(situation);
    return seen ? [{ reason: reason(seen), at: seen.at }] : [];
  });
  const { budget } = situation;
  const dear = budget && cost && cost.low > budget.usd;
  return dear
    ? [
        ...found,
        {
          reason: `it costs $${cost.low} a month at least, and the budget is $${Math.round(budget.usd)}`,
          at: budget.at,
        },
      ]
    : found;
}
