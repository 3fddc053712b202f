import type { SloReport } from "../../../src/contract/slo.ts";
import type { Tone } from "./states.ts";

const LITTLE_LEFT = 0.25;

/** A share of 1 as percent with up to three digits, never rounded up: `99.95 %`. */
export function promise(share: number): string {
  // What binary fractions take away from a figure such as 0.999 is given back.
  return `${Number((Math.floor(share * 100_000 + 1e-6) / 1_000).toFixed(3))} %`;
}

/** How much of the error budget is left, as a bar: `filled` from 0 to 1. */
export function budgetOf({ budgetLeft }: Pick<SloReport, "budgetLeft">): { filled: number; tone: Tone } | null {
  if (budgetLeft === null) return null;
  const filled = Math.min(1, Math.max(0, budgetLeft));
  if (budgetLeft <= 0) return { filled, tone: "bad" };
  return { filled, tone: budgetLeft < LITTLE_LEFT ? "warn" : "ok" };
}

/** How many times too fast the budget goes, by window: `1 h 14.4, 6 h 2.0, 3 d –`; null where nothing is known. */
export function burnWords(burn: SloReport["burn"]): string | null {
  if (Object.values(burn).every((rate) => rate === null)) return null;
  const windows = [
    ["1 h", burn["1h"]],
    ["6 h", burn["6h"]],
    ["3 d", burn["3d"]],
  ] as const;
  return windows.map(([label, rate]) => `${label}\u00a0${rate?.toFixed(1) ?? "–"}`).join(", ");
}

/** How an objective stands right now; an alert such as `burn:14.4` says how many times too fast the budget goes. */
export function standing(report: Pick<SloReport, "alert" | "attained" | "budgetLeft">): { tone: Tone; text: string } {
  const { alert, attained, budgetLeft } = report;
  if (alert === "burn:1") return { tone: "warn", text: "the budget will not last" };
  if (alert) return { tone: "bad", text: `goes at least ${alert.replace("burn:", "")} times too fast` };
  if (attained === null) return { tone: "idle", text: "no data" };
  const isSpent = budgetLeft !== null && budgetLeft <= 0;
  return isSpent ? { tone: "warn", text: "the budget is used up" } : { tone: "ok", text: "no alert" };
}
