import type { Plan } from "../../plan.ts";
import { namedPlan } from "../named-plan.ts";

/** What fits between the name of everything and `-start` in the 64 characters of a role of AWS. */
const LONGEST_SERVICE = 24;
/** Resources that the files have beside those of services. */
const TAKEN = ["balancer", "cache-ca", "cache-store", "deploy", "flow", "insights", "scheduler"];

/** A database is of the version that Compose and the tests have, where nothing says one. */
function tested(plan: Plan): Plan {
  const usual = plan.pins.defaults.postgres ?? null;
  const stores = plan.stores.map((store) =>
    store.kind === "postgres" ? { ...store, version: store.version ?? usual } : store,
  );
  return { ...plan, stores };
}

/** The plan with the names that the resources of a cloud have. */
export function cloudNames(plan: Plan): Plan {
  const stores = plan.stores.flatMap(({ name }) => [`${name}-password`, `${name}-store`]);
  return namedPlan(tested(plan), { service: LONGEST_SERVICE, taken: [...TAKEN, ...stores] });
}
