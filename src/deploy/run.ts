import type { RolloutPlan, RolloutState, StrategyKind } from "../contract/rollout.ts";
import type { Clock } from "../core/clock.ts";
import type { Platform, UnitRef } from "../platforms/platform.ts";
import type { Context, Target } from "../platforms/target.ts";
import type { Store } from "../store/connect.ts";
import type { HeldLease } from "../store/leases.ts";
import { findRelease } from "../store/releases.ts";
import type { ReleasedService, ReleaseRow } from "../store/tables/release.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { liveUnits } from "../store/units.ts";
import type { Boundary, Journal } from "./journal.ts";
import type { PostSources } from "./post/types.ts";

export interface ProbeAnswer {
  ok: boolean;
  /** For people: `GET /health → 503`. */
  detail: string;
  /** The beginning of the body, redacted; null when there was none. */
  body: string | null;
}

/** One health question to one unit, asked directly, not through the route. */
export type UnitProbe = (
  service: string,
  released: ReleasedService,
  port: number,
  signal: AbortSignal,
) => Promise<ProbeAnswer>;

/** What the engine needs of the world. */
export interface DeployDependencies {
  app: string;
  store: Store;
  platform: Platform;
  clock: Clock;
  probe: UnitProbe;
  /** The variables a service gets, references resolved. */
  resolveEnvironment(environment: string, service: string, released: ReleasedService): Promise<Record<string, string>>;
  redact(text: string): string;
  /** A rollout changed: tell who is looking. */
  onChange(rolloutId: string): void;
  boundary?: Boundary;
  /** For the checks while a release bakes. */
  post?: PostSources;
}

/** Where work is done: what looking at units and moving requests needs, in a rollout and outside of one. */
export interface Site {
  dependencies: DeployDependencies;
  row: { app: string; env: string };
  /** Aborts when the work must stop. */
  signal: AbortSignal;
  /** What the work is done under; undefined for a look. */
  lease?: HeldLease;
  /** How many hosts suffice for it; undefined: all. */
  quorum?: number | undefined;
}

/** One rollout in progress, as its steps see it. */
export interface Run extends Site {
  row: RolloutRow;
  plan: RolloutPlan;
  release: ReleaseRow;
  lease: HeldLease;
  journal: Journal;
  /** Aborts when the lease is lost, the controller stops or a person aborts. */
  signal: AbortSignal;
  /** Who asked to skip the remaining waits (`cli:ada`); undefined: nobody. */
  promoted(): string | undefined;
  /** Hosts that did not answer when they were last asked for a unit. */
  lost: Set<string>;
}

/** A step does the work of its state and answers the next one. */
export type Step = (run: Run) => Promise<RolloutState>;

export function context({ signal, lease, quorum }: Pick<Site, "signal" | "lease" | "quorum">): Context {
  return { signal, generation: lease?.generation, ...(quorum === undefined ? {} : { quorum }) };
}

export function targetOf({ row }: Pick<Site, "row">, service: string): Target {
  return { app: row.app, environment: row.env, service };
}

/** What the platform needs to know of a unit. */
export function unitRef(unit: UnitRow): UnitRef {
  return {
    id: unit.id,
    address: unit.address,
    target: { app: unit.app, environment: unit.env, service: unit.service },
  };
}

/** Services the plan starts units for, in dependency order. */
export function changingServices(run: Run): { name: string; service: ReleasedService }[] {
  return run.plan.services
    .filter(({ action }) => action !== "keep" && action !== "remove")
    .map(({ service }) => ({ name: service, service: run.release.services[service] as ReleasedService }));
}

/** Those of the units whose processes live. */
export async function living(site: Site, units: readonly UnitRow[]): Promise<UnitRow[]> {
  const looks = await Promise.all(
    units.map((unit) => site.dependencies.platform.observe(unitRef(unit), context(site))),
  );
  return units.filter((_, index) => looks[index]?.alive);
}

/** What a unit's service is in the unit's release; undefined when the release is not known any more. */
export async function releasedOf({ dependencies }: Pick<Site, "dependencies">, unit: UnitRow) {
  const { store, app } = dependencies;
  const release = await findRelease(store.db, app, unit.release);
  const released = release?.services[unit.service];
  return release && released && { release, released };
}

/** How a service of the plan gets its release; not always the plan's own kind: some services can only be recreated. */
export function strategyOf({ plan }: Pick<Run, "plan">, service: string): StrategyKind {
  return plan.services.find((planned) => planned.service === service)?.strategy ?? plan.strategy.kind;
}

/** The hosts of the plan; one without a name where the platform has one place. */
export function hostsOf({ plan }: Pick<Run, "plan">): (string | undefined)[] {
  return plan.hosts ?? [undefined];
}

/** Whether the unit is on a host of the plan. What is elsewhere was left there when the manifest's hosts changed. */
export function isPlanned(run: Pick<Run, "plan">, { address }: UnitRow): boolean {
  return hostsOf(run).includes(address.host);
}

export interface Sides {
  /** What users have: units of other rollouts, and those a rollback brought back. */
  stable: UnitRow[];
  /** What this rollout brings to users. */
  candidate: UnitRow[];
}

/** The units of a service that are neither stopped nor leaving, split by who started them and what they run. */
export async function sides(run: Run, service: string): Promise<Sides> {
  const units = (await liveUnits(run.dependencies.store.db, run.row)).filter(
    (unit) => unit.service === service && unit.state !== "draining",
  );
  // While the old units leave, the new ones are stable already; before that a stable one of this rollout was brought back.
  const isCandidate = ({ rolloutId, role }: UnitRow) =>
    rolloutId === run.row.id && (role === "candidate" || run.row.state === "DRAINED");
  const isStable = (unit: UnitRow) => unit.role === "stable" && !isCandidate(unit);
  return { stable: units.filter(isStable), candidate: units.filter(isCandidate) };
}
