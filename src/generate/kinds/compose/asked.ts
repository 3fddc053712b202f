import type { Plan } from "../../plan.ts";
import { productionFile } from "./production.ts";

/** Variables without which compose.yaml does not start: those it demands with `:?`. */
export function askedVariables(plan: Plan): string[] {
  const text = JSON.stringify(productionFile(plan));
  return [...new Set([...text.matchAll(/(?<!\$)\$\{(\w+):\?/g)].map(([, name = ""]) => name))].sort();
}
