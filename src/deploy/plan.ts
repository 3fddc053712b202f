import { startOrder } from "../config/references.ts";
import type { StrategyConfig } from "../config/schema.ts";
import type { PlannedService, RolloutPlan, StrategyKind } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";
import { UserError } from "../core/errors.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import { changedParts, digest } from "./desired.ts";

/** What serves a service now: the release its units run and how many of them live. */
export interface Running {
  release: string;
  service: ReleasedService;
  alive: number;
}

export interface PlanInput {
  environment: string;
  kind: "deploy" | "rollback" | "restore";
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
}

export type ResolvedStrategy = RolloutPlan["strategy"];

const LOCAL_DEFAULTS = { steps: [10, 25, 50, 100], everyMs: 10_000, bakeMs: 5_000 };

/** Fills what the manifest leaves open. On `local` steps and bake are short: nobody else depends on it. */
export function resolveStrategy(config: StrategyConfig, kind: StrategyKind = config.kind): ResolvedStrategy {
  return {
    kind,
    steps: kind === "canary" ? (config.steps ?? LOCAL_DEFAULTS.steps) : [100],
    everyMs: config.every ?? LOCAL_DEFAULTS.everyMs,
    bakeMs: config.bake ?? LOCAL_DEFAULTS.bakeMs,
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
  };
  return { ...plan, hash: digest(plan) };
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

/** Whether there is nothing to do: every service runs what is wanted, in the number that is wanted. */
export function isEmpty(plan: RolloutPlan): boolean {
  return plan.services.every(({ action }) => action === "keep");
}

function planService(name: string, { release, running, only, force, strategy }: PlanInput): PlannedService {
  const wanted = release.services[name] as ReleasedService;
  const now = running[name];
  const selected = !only || only.includes(name);
  const changes = changedParts(now?.service, wanted);
  const action = !selected
    ? "keep"
    : !now
      ? "create"
      : changes.length > 0 || force
        ? "replace"
        : now.alive < wanted.replicas
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
            ? [`${now?.alive ?? 0} of ${wanted.replicas} running`]
            : ["release name"],
    fromRelease: now?.release ?? null,
    toRelease: action === "keep" ? (now?.release ?? null) : release.name,
    strategy: strategy.kind,
    replicas: wanted.replicas,
    steps: wanted.kind === "worker" || action === "keep" ? [] : shares(strategy, wanted.replicas, now),
    checks: action === "keep" ? [] : describeChecks(wanted, strategy),
  };
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

function warnings(services: PlannedService[], { strategy, running, notes }: PlanInput): string[] {
  const changing = services.filter(({ action }) => action !== "keep" && action !== "remove");
  const recreated = strategy.kind === "recreate" ? changing.filter(({ service }) => running[service]) : [];
  return [
    ...notes,
    ...recreated.map(
      ({ service }) => `${service}: requests wait while the old release stops and the new one starts (at most 30 s)`,
    ),
  ];
}
