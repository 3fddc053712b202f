import type { PreflightRow, RolloutPlan } from "../../contract/rollout.ts";
import { PolicyError, UserError } from "../../core/errors.ts";

/** What somebody takes on himself, and why. */
export interface Overrides {
  items: readonly string[];
  /** Ship although the environment is closed; it is told to the people on call. */
  breakGlass: boolean;
  reason: string | undefined;
}

/** Items that open in another way. */
const CLOSED: Partial<Record<string, { what: string; next: string }>> = {
  window: { what: "a closed window", next: "add --break-glass --reason TEXT" },
  lock: { what: "a lock", next: "ask who locked it, or stationmaster unlock" },
};

/**
 * The rows with the name and reason of who overrides those that are not ok. Throws UserError `SM-OVERRIDE-REASON` without a
 * reason and `SM-OVERRIDE-ITEM` for what is no item of the plan; the window opens by `breakGlass` only.
 */
export function override(rows: readonly PreflightRow[], { items, breakGlass, reason }: Overrides, who: string) {
  if (items.length === 0 && !breakGlass) return [...rows];
  if (!reason?.trim())
    throw new UserError({
      code: "SM-OVERRIDE-REASON",
      message: "what is overridden needs a reason",
      next: "add --reason TEXT: it is audited and announced",
    });
  const known = rows.map(({ item }) => item).filter((item) => CLOSED[item] === undefined);
  const unknown = items.find((item) => !known.includes(item));
  const closed = unknown === undefined ? undefined : CLOSED[unknown];
  if (unknown !== undefined)
    throw new UserError({
      code: "SM-OVERRIDE-ITEM",
      message: closed ? `${closed.what} is no item to override` : `the plan has no item "${unknown}"`,
      next: closed?.next ?? (known.length > 0 ? `there are ${known.join(", ")}` : "there is nothing to override"),
    });
  const taken = [...items, ...(breakGlass ? ["window"] : [])];
  return rows.map((row) => (row.ok || !taken.includes(row.item) ? row : { ...row, override: { who, reason } }));
}

/** The rows for which the plan is not carried out. */
export function unmet({ preflight = [] }: Pick<RolloutPlan, "preflight">): PreflightRow[] {
  return preflight.filter(({ ok, override }) => !ok && override === null);
}

/** Throws PolicyError `SM-PREFLIGHT` (`SM-LOCKED` for a lock alone) when a row is neither met nor overridden; `except` is left to somebody else. */
export function refuseUnmet(plan: RolloutPlan, { except }: { except?: string } = {}): void {
  const rows = unmet(plan).filter(({ item }) => item !== except);
  const [first] = rows;
  if (!first) return;
  if (rows.length === 1 && first.item === "lock")
    throw new PolicyError({
      code: "SM-LOCKED",
      message: `${plan.environment} is ${first.evidence}`,
      next: first.next ?? `stationmaster unlock ${plan.environment}`,
    });
  const items = rows.map(({ item, evidence }) => `${item} (${evidence})`).join(", ");
  throw new PolicyError({
    code: "SM-PREFLIGHT",
    message: `${plan.release} may not go to ${plan.environment}: ${items}`,
    next: first.next ?? `stationmaster deploy ${plan.environment} --plan`,
  });
}
