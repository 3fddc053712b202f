import type { PreflightRow, RolloutPlan } from "../../contract/rollout.ts";
import { PolicyError, UserError } from "../../core/errors.ts";

/** What somebody takes on himself, and why. */
export interface Overrides {
  items: readonly string[];
  /** Ship although the environment is closed; it is told to the people on call. */
  breakGlass: boolean;
  reason: string | undefined;
}

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
  const known = rows.map(({ item }) => item).filter((item) => item !== "window");
  const unknown = items.find((item) => !known.includes(item));
  if (unknown !== undefined)
    throw new UserError({
      code: "SM-OVERRIDE-ITEM",
      message: unknown === "window" ? "a closed window is no item to override" : `the plan has no item "${unknown}"`,
      next:
        unknown === "window"
          ? "add --break-glass --reason TEXT"
          : known.length > 0
            ? `there are ${known.join(", ")}`
            : "there is nothing to override",
    });
  const taken = [...items, ...(breakGlass ? ["window"] : [])];
  return rows.map((row) => (row.ok || !taken.includes(row.item) ? row : { ...row, override: { who, reason } }));
}

/** The rows for which the plan is not carried out. */
export function unmet({ preflight = [] }: Pick<RolloutPlan, "preflight">): PreflightRow[] {
  return preflight.filter(({ ok, override }) => !ok && override === null);
}

/** Throws PolicyError `SM-PREFLIGHT` when a row is neither met nor overridden; `except` is left to somebody else. */
export function refuseUnmet(plan: RolloutPlan, { except }: { except?: string } = {}): void {
  const rows = unmet(plan).filter(({ item }) => item !== except);
  const [first] = rows;
  if (!first) return;
  const items = rows.map(({ item, evidence }) => `${item} (${evidence})`).join(", ");
  throw new PolicyError({
    code: "SM-PREFLIGHT",
    message: `${plan.release} may not go to ${plan.environment}: ${items}`,
    next: first.next ?? `stationmaster deploy ${plan.environment} --plan`,
  });
}
