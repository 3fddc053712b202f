import type { Effect } from "./effects.ts";
import { FINAL_STATES, type Rollout, type RolloutState } from "./rollout.ts";

export interface HostColumn {
  label: string;
  /** Whether it is the way back. */
  back: boolean;
  holds(effect: Pick<Effect, "step" | "seq">): boolean;
}

const WAY_BACK: readonly RolloutState[] = ["CLEANING", "ROLLING_BACK"];
const TURNED: readonly RolloutState[] = [...WAY_BACK, "FAILED", "ROLLED_BACK"];

/** What a rollout does on each of its hosts, in order: its states, and each share by itself. */
export function hostColumns(
  { plan, state }: Pick<Rollout, "plan" | "state">,
  effects: readonly Effect[],
): HostColumn[] {
  const seen = (step: RolloutState) => state === step || effects.some((effect) => effect.step === step);
  const column = (label: string, ...steps: readonly RolloutState[]): HostColumn => ({
    label,
    back: false,
    holds: ({ step }) => steps.includes(step),
  });
  const touched = plan.services.filter(({ action }) => action !== "keep" && action !== "remove");
  const shares = Array.from({ length: Math.max(0, ...touched.map(({ steps }) => steps.length)) }, (_, share) => {
    const percents = new Set(touched.flatMap(({ steps }) => steps[share] ?? []));
    const { holds, ...rest } = column(`${[...percents].join(" or ")} %`, "SHIFTING", "ANALYZING");
    return {
      ...rest,
      holds: (effect: Parameters<HostColumn["holds"]>[0]) => holds(effect) && sharesDone(effects, effect.seq) === share,
    };
  });
  const back = WAY_BACK.filter(seen);
  const undone = column(back.includes("ROLLING_BACK") ? "rolled back" : "cleaned up", ...back);
  return [
    column("prepared", "PLANNED", "LEASED", "PREPARED"),
    ...(seen("EXPANDED") ? [column("migrated", "EXPANDED")] : []),
    column("started", "STARTED"),
    column("verified", "VERIFIED"),
    ...shares,
    column("promoted", "PROMOTED"),
    ...(plan.strategy.bakeMs > 0 ? [column("baked", "BAKING")] : []),
    column("drained", "DRAINED"),
    ...(back.length > 0 ? [{ ...undone, back: true }] : []),
  ];
}

/** How many shares were looked at to their end before a record of the journal. */
function sharesDone(effects: readonly Effect[], before: number): number {
  return effects.filter(({ key, seq }) => key.startsWith("analyzed:") && seq < before).length;
}

export interface Position {
  /** The column the way forward has reached. */
  at: number;
  active: boolean;
  /** Whether it went back from there. */
  turned: boolean;
}

/** Where a rollout is among its columns. */
export function positionOf(
  { state }: Pick<Rollout, "state">,
  { columns, effects }: { columns: readonly HostColumn[]; effects: readonly Effect[] },
): Position {
  const turned = TURNED.includes(state) || effects.some(({ step }) => WAY_BACK.includes(step));
  const place = (effect: Parameters<HostColumn["holds"]>[0]) =>
    columns.findIndex((column) => !column.back && column.holds(effect));
  const now = place({ step: state, seq: Number.POSITIVE_INFINITY });
  const furthest = Math.max(0, ...effects.map(place));
  const end = state === "SUCCEEDED" ? columns.length - 1 : furthest;
  return { at: now >= 0 ? now : end, active: !FINAL_STATES.includes(state), turned };
}
