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

const TLS_ONLY: readonly PlannedStore["kind"][] = ["mysql", "mariadb"];

/** What every cloud asks of people, whatever is made there. */
export function commonNotes(plan: Plan): string[] {
  return [
    "commit .terraform.lock.hcl after the first init: it holds the versions of the providers",
    ...plan.stores
      .filter(({ kind }) => TLS_ONLY.includes(kind))
      .map(
        ({ name }) =>
          `${name} refuses connections without TLS: switch it on in the settings of the driver where that does not do so by itself`,
      ),
  ];
}
