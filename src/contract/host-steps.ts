import { attemptOf, type Effect, effectsOf, placesIn } from "./effects.ts";
import { type HostColumn, hostColumns, positionOf } from "./host-columns.ts";
import { FINAL_STATES, type Rollout } from "./rollout.ts";

/** `none`: not done, and it will not be any more. */
export type CellStatus = "done" | "running" | "failed" | "waiting" | "none";

export interface HostCell {
  status: CellStatus;
  /** Why it failed. */
  why?: string;
}

export interface HostRow {
  host: string;
  /** One for each column. */
  cells: HostCell[];
}

export interface HostSteps {
  /** `prepared`, `started`, `25 %`, … */
  columns: string[];
  rows: HostRow[];
}

type Told = Pick<Rollout, "plan" | "state" | "journal" | "failure">;

/** How far each host of a rollout is; undefined where it has one place, or ended before it touched any. */
export function hostSteps(rollout: Told): HostSteps | undefined {
  const { hosts } = rollout.plan;
  if (!hosts || hosts.length < 2) return undefined;
  const effects = effectsOf(rollout.journal);
  if (effects.length === 0 && FINAL_STATES.includes(rollout.state)) return undefined;
  const columns = hostColumns(rollout, effects);
  const cells = columns.map((column) => cellsOf(rollout, { columns, column, effects }));
  return {
    columns: columns.map(({ label }) => label),
    rows: hosts.map((host) => ({ host, cells: cells.map((ofHost) => ofHost(host)) })),
  };
}

interface Look {
  columns: readonly HostColumn[];
  column: HostColumn;
  effects: readonly Effect[];
}

/** The cells of one column, by host. */
function cellsOf(rollout: Told, { columns, column, effects }: Look): (host: string) => HostCell {
  const { state, failure, plan } = rollout;
  const index = columns.indexOf(column);
  const { at, active, turned } = positionOf(rollout, { columns, effects });
  const here = column.back ? active || state === "STUCK" : index === at;
  const brokeOff = here && (column.back ? state === "STUCK" : turned || state === "STUCK" || state === "FAILED");
  const mine = lastAttempts(effects.filter((effect) => column.holds(effect)));
  const places = placesIn(effects, plan.hosts);
  const blamed = (effect: Effect) => places.named(messageOf(effect)) ?? places.of(effect);
  const broken = mine.filter(({ failed }) => failed);
  // The last word of a rollout is about where it ended: on the way back, if it went back.
  const lastWord = brokeOff && (column.back || !turned) ? failure?.message : undefined;
  const culprits = [...broken.flatMap((effect) => blamed(effect) ?? []), ...(places.named(lastWord) ?? [])];
  const openPlaces = mine.filter(({ endedAt }) => endedAt === null).map(places.of);

  return (host) => {
    const ownFailure = broken.find((effect) => blamed(effect)?.includes(host));
    if (ownFailure || culprits.includes(host))
      return { status: "failed", why: ownFailure ? messageOf(ownFailure) : lastWord };
    const own = mine.filter((effect) => places.of(effect)?.includes(host));
    const through = own.length > 0 && own.every(({ endedAt }) => endedAt !== null);
    if (brokeOff && culprits.length > 0) return { status: through ? "done" : "none" };
    if (brokeOff) return { status: "failed", why: lastWord ?? broken.map(messageOf)[0] };
    if (!here) return { status: column.back || index < at ? "done" : active && !turned ? "waiting" : "none" };
    if (!active) return { status: state === "SUCCEEDED" ? "done" : "none" };
    if (openPlaces.some((hosts) => hosts?.includes(host) ?? true)) return { status: "running" };
    // Nothing is open here: the step goes on, or others are still at it.
    if (openPlaces.length === 0) return { status: "running" };
    return { status: through ? "done" : "waiting" };
  };
}

function lastAttempts(effects: readonly Effect[]): Effect[] {
  return [...new Map(effects.map((effect) => [attemptOf(effect), effect])).values()];
}

function messageOf({ payload }: Effect): string | undefined {
  return typeof payload.message === "string" ? payload.message : undefined;
}
