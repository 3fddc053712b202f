import type { GenerateTarget } from "../../contract/generate.ts";
import type { Cost } from "./cost.ts";
import type { Seen, Situation } from "./situation.ts";

/** What counts how much; wants move weights, and the sum stays 100. */
const WEIGHTS = {
  fit: 30,
  cost: 20,
  effort: 15,
  releases: 10,
  data: 10,
  scaling: 5,
  regions: 5,
  portability: 5,
} as const;
export type Criterion = keyof typeof WEIGHTS;

export interface Cell {
  criterion: Criterion;
  points: number;
  most: number;
  reason: string;
}

interface Traits {
  /** 0 to 1, each with its reason. */
  effort: readonly [number, string];
  releases: readonly [number, string];
  data: readonly [number, string];
  scaling: readonly [number, string];
  regions: readonly [number, string];
  portability: readonly [number, string];
}

/** What platforms are like, whatever runs on them. */
const TRAITS: Record<GenerateTarget, Traits> = {
  compose: {
    effort: [0.5, "a server to keep, which the daemon deploys to, watches and heals"],
    releases: [1, "blue-green and canary by the daemon, back within seconds"],
    data: [0.4, "databases run beside the services: backups are yours"],
    scaling: [0.3, "as far as the servers go"],
    regions: [0.6, "wherever there is a server"],
    portability: [1, "containers and nothing else"],
  },
  railway: {
    effort: [1, "no machine, no network, one file"],
    releases: [0.7, "overlap and health check; back by redeploying"],
    data: [0.8, "Postgres, MySQL, Redis and MongoDB in one click; backups of volumes"],
    scaling: [0.6, "replicas by hand"],
    regions: [0.6, "four regions"],
    portability: [0.8, "containers; variables and databases move by hand"],
  },
  vercel: {
    effort: [1, "no machine at all"],
    releases: [0.9, "each release has its address; back at once"],
    data: [0.3, "databases are rented elsewhere"],
    scaling: [1, "by itself"],
    regions: [0.9, "pages everywhere, functions in many regions"],
    portability: [0.3, "functions and routing are its own"],
  },
  kubernetes: {
    effort: [0.1, "a cluster to run and upgrade"],
    releases: [0.8, "rolling, back by one command"],
    data: [0.4, "databases are rented beside it"],
    scaling: [1, "by load, over nodes"],
    regions: [0.9, "in each cloud"],
    portability: [0.9, "the same manifests in each cloud"],
  },
  aws: {
    effort: [0.3, "no machines, but a network, roles and Terraform to keep"],
    releases: [0.8, "circuit breaker with rollback"],
    data: [1, "RDS and ElastiCache with backups and standby"],
    scaling: [1, "by load"],
    regions: [1, "more than thirty regions, every certificate"],
    portability: [0.6, "containers; roles and queues are its own"],
  },
  gcp: {
    effort: [0.5, "no machines; network and roles to keep"],
    releases: [0.9, "traffic moves between revisions"],
    data: [0.9, "Cloud SQL and Memorystore"],
    scaling: [1, "by requests, down to none"],
    regions: [1, "more than forty regions"],
    portability: [0.7, "containers"],
  },
  azure: {
    effort: [0.5, "no machines; network and roles to keep"],
    releases: [0.8, "traffic moves between revisions"],
    data: [0.9, "PostgreSQL Flexible Server and a cache"],
    scaling: [1, "by load, down to none"],
    regions: [1, "more than sixty regions"],
    portability: [0.7, "containers"],
  },
};

/** Monthly USD that nobody minds, and from which there are no points. */
const CHEAP = 20;
const DEAR = 300;

/** Points of a platform, cell by cell. Pure. */
export function scoreOf(target: GenerateTarget, situation: Situation, cost: Cost | undefined): Cell[] {
  const traits = TRAITS[target];
  const weights = weightsFor(situation);
  const cell = (criterion: Criterion, [share, reason]: readonly [number, string]): Cell => ({
    criterion,
    points: Math.round(share * weights[criterion]),
    most: Math.round(weights[criterion]),
    reason,
  });
  const others = (["effort", "releases", "data", "scaling", "regions", "portability"] as const).map((criterion) =>
    cell(criterion, traits[criterion]),
  );
  return [cell("fit", fitOf(target, situation)), cell("cost", costShare(cost, situation)), ...others];
}

/** A need that somebody wrote down, and what counts more because of it. */
export interface Move {
  criterion: Criterion;
  by: number;
  because: string;
}

/** What moves weights: each with the place that says so. Pure. */
export function movesOf(situation: Situation): Move[] {
  const { compliance, regions, load, zeroDowntime, recovery, budget, stores } = situation;
  const move = (criterion: Criterion, by: number, seen: Seen | undefined): Move[] =>
    seen ? [{ criterion, by, because: `${seen.what} (${seen.at})` }] : [];
  return [
    ...move("regions", 10, compliance[0] ?? regions[0]),
    ...move("scaling", 10, load),
    ...move("releases", 10, zeroDowntime),
    ...move("data", 10, stores.length > 0 ? recovery : undefined),
    ...move("cost", 10, budget && { what: `a budget of $${Math.round(budget.usd)} a month`, at: budget.at }),
    ...(stores.length === 0 ? [{ criterion: "data", by: -6, because: "it has no store" } as const] : []),
  ];
}

/** The sum stays 100: what counts more makes the rest count less. */
function weightsFor(situation: Situation): Record<Criterion, number> {
  const wanted: Record<Criterion, number> = { ...WEIGHTS };
  for (const { criterion, by } of movesOf(situation)) wanted[criterion] += by;
  const sum = Object.values(wanted).reduce((a, b) => a + b, 0);
  return Object.fromEntries(Object.entries(wanted).map(([key, weight]) => [key, (weight * 100) / sum])) as Record<
    Criterion,
    number
  >;
}

function fitOf(
  target: GenerateTarget,
  { pages, servers, workers, crons, services, stores, state }: Situation,
): readonly [number, string] {
  const onlyPages = pages.length > 0 && servers.length + workers.length === 0;
  const next = services.some(
    ({ framework }) =>
      framework !== null && ["next", "nuxt", "sveltekit", "astro", "remix", "react-router"].includes(framework),
  );
  if (target === "vercel")
    return onlyPages
      ? [1, "only pages"]
      : next && stores.length === 0
        ? [0.9, "a framework it is made for"]
        : [0.4, "servers as functions"];
  if (target === "kubernetes" && !(onlyPages && services.length >= 6))
    return services.length >= 6
      ? [1, `${services.length} services`]
      : [onlyPages ? 0.2 : 0.4, `${services.length} service${services.length === 1 ? "" : "s"}: a cluster is too much`];
  if (onlyPages)
    return target === "compose" ? [0.5, "a server for nothing but pages"] : [0.6, "containers for nothing but pages"];
  const [kept] = state;
  if (kept && target === "compose") return [0.9, `${kept.what} on the disk of the host (${kept.at}): one replica`];
  if (kept) return [0.7, `${kept.what} on a volume (${kept.at}): one replica, and a gap at each release`];
  if (target === "railway") return [1, "servers, workers and databases beside each other"];
  if (target === "compose") return [0.9, "servers, workers and databases on one machine"];
  return crons.length + workers.length > 0
    ? [0.8, "servers and workers as containers"]
    : [0.8, "servers as containers"];
}

function costShare(cost: Cost | undefined, { budget }: Situation): readonly [number, string] {
  if (!cost) return [0.5, "no dated price"];
  const middle = (cost.low + cost.high) / 2;
  const limit = budget?.usd ?? DEAR;
  const share = Math.min(1, Math.max(0, (limit - middle) / Math.max(1, limit - CHEAP)));
  return [share, `$${cost.low} to $${cost.high} a month`];
}
