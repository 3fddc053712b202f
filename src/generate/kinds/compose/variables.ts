import type { Plan, PlannedService, PlannedStore } from "../../plan.ts";
import { storeRecipe } from "../../store-images.ts";

/** Variables of a service: fixed ones as they are, others from the environment; a secret that is missing stops the start. */
export function variablesOf(service: PlannedService, plan: Plan): Record<string, string> {
  const variables = service.env
    .filter(({ class: kind, phase }) => kind !== "provided" && phase === "run")
    .map((variable): [string, string] => {
      const store = plan.stores.find(({ name }) => name === variable.store);
      const address = store && addressOf(store, plan);
      return [variable.name, address ? `\${${variable.name}:-${address}}` : reference(variable)];
    });
  const port: [string, string][] = service.port === null ? [] : [["PORT", String(service.port)]];
  return Object.fromEntries([...port, ...variables].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The address of a store that runs beside the services; undefined for one that is rented. */
function addressOf(store: PlannedStore, { pins }: Plan): string | undefined {
  return storeRecipe(store, pins)?.recipe.url(store.name);
}

function reference({ name, required, default: value }: PlannedService["env"][number]): string {
  if (value !== null) return `\${${name}:-${value.replace(/[$}]/g, "")}}`;
  return required ? `\${${name}:?set it in .env}` : `\${${name}:-}`;
}
