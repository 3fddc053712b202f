import type { GenerateTarget } from "../../contract/generate.ts";
import { isPlace, liesIn, type RegionPlatform, regionsOf } from "../../scan/regions.ts";
import type { Cost } from "./cost.ts";
import type { Seen, Situation } from "./situation.ts";
import { targetOf } from "./target-names.ts";

/** Why a platform cannot have the application, with what shows it. */
export interface Disqualifier {
  reason: string;
  at: string;
}

type Rule = (situation: Situation) => { seen: Seen | undefined; reason: (seen: Seen) => string };

/** Vercel runs functions: nothing of it stays between two requests. */
const VERCEL: readonly Rule[] = [
  ({ sockets, realtime }) => ({
    seen: sockets[0] ?? realtime,
    reason: ({ what }) => `${what} keeps connections open, and functions end`,
  }),
  ({ workers }) => ({
    seen: workers[0],
    reason: ({ what }) => `${what} works without requests, and only requests start something`,
  }),
  ({ crons }) => ({
    seen: crons[0],
    reason: ({ what }) => `${what} is a program that runs by the clock, and functions end within minutes`,
  }),
  ({ large }) => ({
    seen: large[0],
    reason: ({ what }) => `${what} is needed beside the code, and a function holds 250 MB`,
  }),
  ({ state }) => ({ seen: state[0], reason: ({ what }) => `${what} is kept on disk, and no disk outlives a request` }),
  ({ migrations }) => ({
    seen: migrations[0],
    reason: ({ what }) => `${what} has migrations, and there is no step before a release that runs them`,
  }),
  ({ services, places }) => {
    const other = services.find(
      ({ runtime, kind }) =>
        kind !== "spa" &&
        kind !== "static" &&
        kind !== "worker" &&
        runtime !== null &&
        !["node", "bun", "python", "go", "ruby"].includes(runtime.name),
    );
    return {
      seen: other && { what: other.name, at: places(`${other.name}.runtime`) },
      reason: ({ what }) => `${what} is in a language that its functions do not run`,
    };
  },
];
/** Cloud Run and Container Apps keep no disk of their own; their file shares are too slow for databases. */
const NO_DISK: readonly Rule[] = [
  ({ databases }) => ({
    seen: databases[0],
    reason: ({ what }) => `${what} is a database on disk, and only shares over the network outlive a replica`,
  }),
];

/** Those whose regions are known; the others are wherever somebody has a machine. */
const PLACED: ReadonlySet<GenerateTarget> = new Set(["railway", "vercel", "aws", "gcp", "azure"]);

const region =
  (target: GenerateTarget): Rule =>
  ({ regions, servers, workers }) => {
    // Pages are everywhere on a network for pages: only what answers has a place.
    const anywhere = target === "vercel" && servers.length + workers.length === 0;
    const known = PLACED.has(target) && !anywhere ? (target as RegionPlatform) : undefined;
    return {
      seen:
        known &&
        regions.find(
          ({ what }) => isPlace(what) && !regionsOf(known).some(({ id }) => id === what || liesIn(id, what)),
        ),
      reason: ({ what }) => `it has no region in ${what}`,
    };
  };

/** What people run on machines of their own. */
const OWN: ReadonlySet<GenerateTarget> = new Set(["compose", "kubernetes"]);

/** Said of every platform: by what somebody wrote down. */
const written = (target: GenerateTarget): readonly Rule[] => [
  region(target),
  ({ ownHosts }) => ({
    seen: OWN.has(target) ? undefined : ownHosts,
    reason: () => "it is to run on hosts of its own",
  }),
  ({ refused }) => ({
    seen: refused.find(({ what }) => targetOf(what) === target),
    reason: ({ what }) => `${what} is not to be used`,
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
  const found = [...(RULES[target] ?? []), ...written(target)].flatMap((rule) => {
    const { seen, reason } = rule(situation);
    return seen ? [{ reason: reason(seen), at: seen.at }] : [];
  });
  const { budget } = situation;
  if (!budget || !cost || cost.low <= budget.usd) return found;
  const reason = `it costs $${cost.low} a month at least, and the budget is $${Math.round(budget.usd)}`;
  return [...found, { reason, at: budget.at }];
}
