import { isInside, nextChange, parseWindow } from "../../core/window.ts";

/** Until they are all open the longest way is a few steps; a cycle of windows that exclude each other has none. */
const MOST_STEPS = 50;

/** When an environment may be changed. `freeze` and `windows` as the manifest spells them; times in epoch ms. */
export interface Calendar {
  freeze: readonly string[];
  windows: readonly string[];
  /** Freezes that people ordered; `endsAt` null: until somebody lifts it. */
  ordered: readonly { id: string; who: string; reason: string; beginsAt: number; endsAt: number | null }[];
}

/** Why nothing may be deployed at a moment, and until when as far as that is known. */
interface Closure {
  why: string;
  until: number | null;
}

/** Every reason for which the environment is closed at `at` (epoch ms); none: it is open. */
export function closures({ freeze, windows, ordered }: Calendar, at: number): Closure[] {
  const frozen = freeze.flatMap((text) => {
    const window = parseWindow(text);
    if (!window || !isInside(window, at)) return [];
    return [{ why: `frozen: ${text}`, until: nextChange(window, at, false) ?? null }];
  });
  const allowed = windows.flatMap((text) => parseWindow(text) ?? []);
  const outside = allowed.length > 0 && !allowed.some((window) => isInside(window, at));
  const opening = outside ? allowed.flatMap((window) => nextChange(window, at, true) ?? []) : [];
  return [
    ...frozen,
    ...(outside
      ? [{ why: `open only ${windows.join(", ")}`, until: opening.length > 0 ? Math.min(...opening) : null }]
      : []),
    ...ordered
      .filter(({ beginsAt, endsAt }) => beginsAt <= at && (endsAt === null || at < endsAt))
      .map(({ id, who, reason, endsAt }) => ({ why: `frozen by ${who}: ${reason} (${id})`, until: endsAt })),
  ];
}

/** The first moment from `at` on (epoch ms) at which nothing stands in the way; null when that depends on somebody. */
export function opensAt(calendar: Calendar, at: number): number | null {
  let moment = at;
  for (let step = 0; step < MOST_STEPS; step++) {
    const closed = closures(calendar, moment);
    if (closed.length === 0) return moment;
    const ends = closed.map(({ until }) => until);
    if (ends.includes(null)) return null;
    moment = Math.max(...ends.map(Number));
  }
  return null;
}
