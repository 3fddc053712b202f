import type { Plan, PlannedStore } from "../../plan.ts";

/** What people have to rent, as no resource is written for it. */
export function storeNotes(plan: Plan, made: readonly PlannedStore["kind"][], vault: string): string[] {
  return plan.stores
    .filter(({ kind }) => !made.includes(kind))
    .map(
      ({ name, kind, variables }) =>
        `${name} (${kind}) is not made by these files: rent it, and put its address into ${vault} as ${variables.join(", ")}`,
    );
}
