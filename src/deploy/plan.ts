import type { StrategyConfig } from "../config/environments.ts";
import { startOrder } from "../config/references.ts";
import type { ForeignUnit, PlannedService, RolloutKind, RolloutPlan, StrategyKind } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";
import { UserError } from "../core/errors.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import { changedParts, configHash, digest } from "./desired.ts";

/** What serves a service now: the release its units run and how many of them live. */
export interface Running {
  release: string;
  /** Undefined: this database does not know the release. */
  service: ReleasedService | undefined;
  alive: number;
  /** How many of them by host, also hosts where none is alive; absent where there is one place. */
  hosts?: Record<string, number>;
  /** How its route differs from what it was made. */
  drift?: string | undefined;
}

export interface PlanInput {
  environment: string;
  kind: RolloutKind;
  release: { name: string; services: Record<string, ReleasedService> };
  fromRelease: string | null;
  running: Record<string, Running>;
  /** Services that may change; absent = all. */
  only?: readonly string[];
  /** Replace services even when nothing differs: the user named a new release. */
  force: boolean;
  /** The release served here before. To start what is missing of it is a `restore`, which does not bake. */
  proven?: boolean;
  strategy: ResolvedStrategy;
  dependsOn: Record<string, readonly string[]>;
  notes: readonly string[];
  /** Services that only others call. */
  internal?: readonly string[];
  /** Where units run; each host gets `replicas` of a service. Absent: one place. */
  hosts?: readonly string[] | undefined;
  /** How many of them suffice once users have the release. */
  quorum?: number | undefined;
  /** What somebody else runs there. */
  foreign?: readonly ForeignUnit[];
}

export type ResolvedStrategy = RolloutPlan["strategy"];

const STEPS = [10, 25, 50, 100];
/** On `local` steps and bake are short: nobody else depends on it. */
const TIMES = { local: { everyMs: 10_000, bakeMs: 5_000 }, hosts: { everyMs: 120_000, bakeMs: 600_000 } };
const JUDGE = { alpha: 0.01, ratio: 1.25, on_inconclusive: undefined, wait: 24 * 60 * 60_000 };

/** Fills what the manifest leaves open. */
export function resolveStrategy(
  config: Partial<StrategyConfig>,
  {
    kind = config.kind ?? "blue-green",
    platform = "local",
    requests = {},
  }: { kind?: StrategyKind; platform?: string; requests?: Record<string, string[]> } = {},
): ResolvedStrategy {
  const times = platform === "local" ? TIMES.local : TIMES.hosts;
  const { alpha, ratio, on_inconclusive: asked, wait } = config.judge ?? JUDGE;
  const beside = kind === "canary" ? { waitMs: wait, requests } : {};
  return {
    kind,
    steps: kind === "canary" ? (config.steps ?? STEPS) : [100],
    everyMs: config.every ?? times.everyMs,
    bakeMs: config.bake ?? times.bakeMs,
    ...(config.key === undefined ? {} : { key: config.key }),
    judge: { alpha, ratio, onInconclusive: asked ?? (platform === "local" ? "promote" : "hold"), ...beside },
  };
}

/** Compares the wanted release with what runs. Pure: equal input gives an equal plan and hash. */
export function makePlan(input: PlanInput): RolloutPlan {
  const { release, running } = input;
  const unknown = input.only?.find((name) => !Object.hasOwn(release.services, name));
  if (unknown)
    throw new UserError({
      code: "SM-DEPLOY-SERVICE",
      message: `there is no service "${unknown}"`,
      next: `there are ${Object.keys(release.services).join(", ")}`,
    });
  // Where units run on hosts the port is inside each one's container.
  if (!input.hosts) refuseSharedPort(release.services);
  const order = startOrder(
    Object.fromEntries(
      Object.entries(release.services).map(([name, { dependsOn = [] }]) => [
        name,
        { depends_on: [...(input.dependsOn[name] ?? []), ...dependsOn] },
      ]),
    ),
  );
  const changes = order.map((name) => changeOf(name, input));
  const gone = Object.keys(running).filter((name) => !Object.hasOwn(release.services, name));
  const actions = new Set(changes.map(({ action }) => action).filter((action) => action !== "keep"));
  const onlyMissing = actions.size > 0 && !actions.has("replace") && gone.length === 0;
  const kind = input.proven && onlyMissing ? "restore" : input.kind;
  const services = changes.map((change) => planService(change, kind, input));
  for (const name of gone)
    services.push({
      service: name,
      action: "remove",
      changes: ["removed"],
      fromRelease: running[name]?.release ?? null,
      toRelease: null,
      strategy: input.strategy.kind,
      replicas: 0,
      steps: [],
      checks: [],
    });
  const plan = {
    environment: input.environment,
    strategy: input.strategy,
    release: release.name,
    fromRelease: input.fromRelease,
    kind,
    services,
    warnings: warnings(services, input),
    ...(input.hosts ? { hosts: [...input.hosts] } : {}),
    ...(input.quorum === undefined ? {} : { quorum: input.quorum }),
    ...(input.foreign && input.foreign.length > 0 ? { foreign: [...input.foreign] } : {}),
  };
  // Also what does not show: other files under the same name are another plan.
  return { ...plan, hash: digest([plan, configHash(release.services)]) };
}

/** Also where only some services are deployed: one that stays as it is keeps its port. */
function refuseSharedPort(services: Record<string, ReleasedService>): void {
  const holders = new Map<number, string>();
  for (const [name, { port }] of Object.entries(services)) {
    const holder = port ? holders.get(port) : undefined;
    if (holder)
      throw new UserError({
        code: "SM-PORT-SHARED",
        message: `${holder} and ${name} have the same port ${port}`,
        next: "change `port` of one of them, or deploy both",
      });
    if (port) holders.set(port, name);
  }
}

/** Whether there is nothing to do: every service runs what is wanted, in the number that is wanted. A contract rollout changes the database. */
export function isEmpty(plan: RolloutPlan): boolean {
  return plan.kind !== "contract" && plan.services.every(({ action }) => action === "keep");
}

type Change = Pick<PlannedService, "service" | "action" | "changes">;

/** What becomes of a service of the release, and why. */
function changeOf(name: string, { release, running, only, force, hosts }: PlanInput): Change {
  const now = running[name];
  const { changes, alive, units } = difference(release.services[name] as ReleasedService, now, hosts);
  const change = (action: Change["action"], why: string[]): Change => ({ service: name, action, changes: why });
  if (only && !only.includes(name)) return change("keep", []);
  if (!now) return change("create", changes);
  if (changes.length > 0) return change("replace", changes);
  if (force) return change("replace", ["release name"]);
  if (alive < units) return change("restore", [`${alive} of ${units} running`]);
  return now.drift === undefined ? change("keep", []) : change("restore", [now.drift]);
}

function planService(
  change: Change,
  kind: RolloutKind,
  { release, running, strategy: wish }: PlanInput,
): PlannedService {
  const { service: name, action } = change;
  const wanted = release.services[name] as ReleasedService;
  const strategy = strategyOf(wanted, wish);
  const now = running[name];
  const steps = wanted.kind === "worker" || action === "keep" ? [] : shares(strategy, wanted.replicas, now);
  const checks = { recreated: strategy.kind === "recreate" && now !== undefined, bakeMs: strategy.bakeMs, kind };
  return {
    ...change,
    fromRelease: now?.release ?? null,
    toRelease: action === "keep" ? (now?.release ?? null) : release.name,
    strategy: strategy.kind,
    replicas: wanted.replicas,
    steps,
    checks:
      action === "keep" ? [] : [...describeChecks(wanted, checks), ...(steps.length > 1 ? limitOf(strategy) : [])],
  };
}

/** What differs between what runs and what is wanted. Units beyond those a host shall have stand for none elsewhere. */
function difference(
  wanted: ReleasedService,
  now: Running | undefined,
  hosts: readonly string[] | undefined,
): { changes: string[]; alive: number; units: number } {
  const changes = now && !now.service ? ["deployed by somebody else"] : changedParts(now?.service, wanted);
  const { replicas } = wanted;
  if (!hosts || !now?.hosts) return { changes, alive: now?.alive ?? 0, units: replicas * (hosts?.length ?? 1) };
  const there = now.hosts;
  const moved = hosts.length !== Object.keys(there).length || hosts.some((host) => there[host] === undefined);
  const alive = hosts.reduce((sum, host) => sum + Math.min(there[host] ?? 0, replicas), 0);
  return { changes: moved ? [...changes, "hosts"] : changes, alive, units: replicas * hosts.length };
}

/** Two copies of some services cannot run side by side: those are recreated whatever is asked for. */
function strategyOf(service: ReleasedService, strategy: ResolvedStrategy): ResolvedStrategy {
  return service.exclusive ? { ...strategy, kind: "recreate", steps: [100] } : strategy;
}

function shares(strategy: ResolvedStrategy, replicas: number, now: Running | undefined): number[] {
  if (!now) return [100];
  if (strategy.kind !== "rolling") return strategy.steps;
  return Array.from({ length: replicas }, (_, index) => Math.round(((index + 1) / replicas) * 100));
}

/** How long a canary may wait for a person. */
function limitOf({ kind, judge }: ResolvedStrategy): string[] {
  if (kind !== "canary" || judge?.onInconclusive !== "hold" || judge.waitMs === undefined) return [];
  return [
    `where too few requests come to tell, a person decides within ${formatDuration(judge.waitMs)}, else it goes back`,
  ];
}

/** Where the old copy goes first, users wait for the new one: one good answer lets them in. What was proven before does not bake. */
function describeChecks(
  service: ReleasedService,
  { recreated, bakeMs, kind }: { recreated: boolean; bakeMs: number; kind: RolloutKind },
): string[] {
  const path = (service.health as { path?: string } | null)?.path;
  const times = recreated ? `once within ${formatDuration(service.startupMs)}` : "3 times in a row";
  const gate =
    service.kind === "worker" ? `alive ${times}` : path ? `GET ${path} passes ${times}` : `port open ${times}`;
  const baked = kind === "restore" ? [] : [`no failure for ${formatDuration(bakeMs)} with all requests`];
  const route = service.kind === "worker" ? [] : ["the route answers with the new release 5 times in a row"];
  return [gate, ...baked, ...route];
}

function warnings(services: PlannedService[], input: PlanInput): string[] {
  const { running, notes, release } = input;
  const recreated = services.filter(
    ({ action, strategy, service }) =>
      action !== "keep" && action !== "remove" && strategy === "recreate" && running[service],
  );
  return [
    ...notes,
    ...recreated.map(({ service }) => {
      const why = release.services[service]?.exclusive;
      const held = `${service}: requests wait while the old release stops and the new one starts (at most 30 s)`;
      return why ? `${held}; two copies cannot run side by side: ${why}` : held;
    }),
    ...services
      .filter(({ service, changes }) => changes.includes("hosts") && release.services[service]?.exclusive)
      .map(({ service }) => `${service}: data on a host it leaves stays there, and a new host begins without`),
    ...fewClients(services, input),
  ];
}

/** A client has one side of a canary, and the callers of an internal service are a client each. */
function fewClients(services: PlannedService[], { strategy, internal = [] }: PlanInput): string[] {
  if (strategy.key !== undefined && strategy.key !== "client") return [];
  return services
    .filter(({ service, strategy: kind, steps }) => kind === "canary" && steps.length > 1 && internal.includes(service))
    .map(
      ({ service }) =>
        `${service}: only other services call it, each a single client with all of its requests on one side: set \`key: random\` in the strategy`,
    );
}
