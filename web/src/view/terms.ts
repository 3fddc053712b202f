import type { DeployRequest } from "../../../src/contract/requests.ts";
import type { RolloutPlan } from "../../../src/contract/rollout.ts";
import { unmetOf } from "./plan.ts";

/** The calendar's row is no item to override: one waits for it, or breaks the glass. */
const WINDOW = "window";

/** What a person takes on themselves about a plan that its pre-flight refuses. */
export interface Terms {
  /** Items to override. */
  items: readonly string[];
  /** What to do about an environment that is closed; null until it was chosen. */
  closed: "wait" | "break" | null;
  reason: string;
}

export const NO_TERMS: Terms = { items: [], closed: null, reason: "" };

export type Overrides = Pick<DeployRequest, "override" | "breakGlass" | "reason">;

interface Settled {
  /** What can be overridden. */
  items: string[];
  isClosed: boolean;
  /** Whether what was chosen has to be explained. */
  asksReason: boolean;
  /** Items that still stand in the way. */
  left: string[];
  /** Whether it may begin, or wait. */
  isReady: boolean;
  /** For what it waits before it begins by itself; null when it begins now. */
  waits: "opening" | "rollout" | null;
  overrides: Overrides;
}

/** What a plan and a person's terms make together. */
export function settle(plan: Pick<RolloutPlan, "preflight" | "underWay">, terms: Terms): Settled {
  const unmet = unmetOf(plan);
  const items = unmet.filter((item) => item !== WINDOW);
  const isClosed = unmet.includes(WINDOW);
  const taken = items.filter((item) => terms.items.includes(item));
  const breaks = isClosed && terms.closed === "break";
  const asksReason = taken.length > 0 || breaks;
  const left = unmet.filter((item) => (item === WINDOW ? terms.closed === null : !taken.includes(item)));
  const reason = terms.reason.trim();
  return {
    items,
    isClosed,
    asksReason,
    left,
    isReady: left.length === 0 && plan.underWay?.meeting !== "refuse" && !(asksReason && reason === ""),
    waits: isClosed && terms.closed === "wait" ? "opening" : plan.underWay?.meeting === "wait" ? "rollout" : null,
    overrides: {
      ...(taken.length > 0 && { override: taken }),
      ...(breaks && { breakGlass: true }),
      ...(asksReason && { reason }),
    },
  };
}
