import type { StrategyConfig } from "../config/environments.ts";
import { startOrder } from "../config/references.ts";
import type { PlannedService, RolloutKind, RolloutPlan, StrategyKind } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";
import { UserError } from "../core/errors.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import { changedParts, configHash, digest } from "./desired.ts";

/** What serves a service now: the release its units run and how many of them live. */
export interface Running {
  release: string;
  service: ReleasedService;
  alive: number;
  /** How many of them by host, also hosts where none is alive; absent where there is one place. */
  hosts?: Record<string, number>;
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
  strategy: ResolvedStrategy;
  dependsOn: Record<string, readonly string[]>;
  notes: readonly string[];
  /** Where units run; each host gets `replicas` of a service. Absent: one place. */
  hosts?: readonly string[];
}

export type ResolvedStrategy = RolloutPlan["strategy"];

const STEPS = [10, 25, 50, 100];
/** On `local` steps and bake are short: nobody else depends on it. */
const TIMES = { local: { everyMs: 10_000, bakeMs: 5_000 }, hosts: { everyMs: 120_000, bakeMs: 600_000 } };
const JUDGE = { alpha: 0.01, ratio: 1.25, on_inconclusive: undefined };

/** Fills what the manifest leaves open. */
export function resolveStrategy(
  config: Partial<StrategyConfig>,
  { kind = config.kind ?? "blue-green", platform = "local" }: { kind?: StrategyKind; platform?: string } = {},
): ResolvedStrategy {
  const times = platform === "local" ? TIMES.local : TIMES.hosts;
  const { alpha, ratio, on_inconclusive: asked } = config.judge ?? JUDGE;
  return {
    kind,
    steps: kind === "canary" ? (config.steps ?? STEPS) : [100],
    everyMs: config.every ?? times.everyMs,
    bakeMs: config.bake ?? times.bakeMs,
    judge: { alpha, ratio, onInconclusive: asked ?? (platform === "local" ? "promote" : "hold") },
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
  refuseSharedPort(release.services);
  const order = startOrder(
    Object.fromEntries(
      Object.keys(release.services).map((name) => [name, { depends_on: [...(input.dependsOn[name] ?? [])] }]),
    ),
  );
  const services = order.map((name) => planService(name, input));
  for (const [name, { release: from }] of Object.entries(running)) {
    if (!Object.hasOwn(release.services, name))
      services.push({
        service: name,
        action: "remove",
        changes: ["removed"],
        fromRelease: from,
        toRelease: null,
        strategy: input.strategy.kind,
        replicas: 0,
        steps: [],
        checks: [],
      });
  }
  const plan = {
    environment: input.environment,
    strategy: input.strategy,
    release: release.name,
    fromRelease: input.fromRelease,
    kind: input.kind,
    services,
    warnings: warnings(services, input),
    ...(input.hosts ? { hosts: [...input.hosts] } : {}),
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

function planService(name: string, input: PlanInput): PlannedService {
  const { release, running, only, force } = input;
  const wanted = release.services[name] as ReleasedService;
  const strategy = strategyOf(wanted, input.strategy);
  const now = running[name];
  const selected = !only || only.includes(name);
  const { changes, alive, units } = difference(wanted, now, input.hosts);
  const action = !selected
    ? "keep"
    : !now
      ? "create"
      : changes.length > 0 || force
        ? "replace"
        : alive < units
          ? "restore"
          : "keep";
  return {
    service: name,
    action,
    changes:
      action === "keep"
        ? []
        : changes.length > 0
          ? changes
          : action === "restore"
            ? [`${alive} of ${units} running`]
            : ["release name"],
    fromRelease: now?.release ?? null,
    toRelease: action === "keep" ? (now?.release ?? null) : release.name,
    strategy: strategy.kind,
    replicas: wanted.replicas,
    steps: wanted.kind === "worker" || action === "keep" ? [] : shares(strategy, wanted.replicas, now),
    checks: action === "keep" ? [] : describeChecks(wanted, strategy),
  };
}

/** What differs between what runs and what is wanted. Units beyond those a host shall have stand for none elsewhere. */
function difference(
  wanted: ReleasedService,
  now: Running | undefined,
  hosts: readonly string[] | undefined,
): { changes: string[]; alive: number; units: number } {
  const changes = changedParts(now?.service, wanted);
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

function describeChecks(service: ReleasedService, { bakeMs }: ResolvedStrategy): string[] {
  const path = (service.health as { path?: string } | null)?.path;
  const gate =
    service.kind === "worker"
      ? "alive 3 times in a row"
      : path
        ? `GET ${path} passes 3 times in a row`
        : "port open 3 times in a row";
  const route = service.kind === "worker" ? [] : ["the route answers with the new release 5 times in a row"];
  return [gate, `no failure for ${formatDuration(bakeMs)} with all requests`, ...route];
}

function warnings(services: PlannedService[], { running, notes, release }: PlanInput): string[] {
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
  ];
}
