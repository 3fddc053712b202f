import { productionDefault } from "../../deployed-value.ts";
import type { Plan, PlannedService, PlannedStore } from "../../plan.ts";
import { withDriver } from "../../sql-driver.ts";
import { storeRecipe } from "../../store-images.ts";
import { storePart } from "../../store-parts.ts";
import { committedSettings } from "../dockerfile/page-settings.ts";
import { isBuildArgument } from "../dockerfile/parts.ts";
import { partValue } from "./store-values.ts";

/** Variables of a service: fixed ones as they are, others from the environment; a secret that is missing stops the start. */
export function variablesOf(service: PlannedService, plan: Plan, openPassword = false): Record<string, string> {
  const stores = plan.stores.filter(({ name }) => service.stores.includes(name));
  const variables = service.env
    .filter(({ class: kind, phase }) => kind !== "provided" && phase === "run")
    .map((variable): [string, string] => {
      const store = plan.stores.find(({ name }) => name === variable.store);
      // Compose of the first generation takes no variable within the default of another.
      const told = storePart(variable.name, stores);
      const address = (told && partValue(told, plan.pins)) ?? (store && addressOf(store, service, plan));
      return [variable.name, address ? password(address, openPassword) : reference(variable, openPassword)];
    });
  return Object.fromEntries(variables.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same with the port, for the program that listens. */
export function listeningVariables(service: PlannedService, plan: Plan, openPassword = false): Record<string, string> {
  const variables = variablesOf(service, plan, openPassword);
  if (service.port === null) return variables;
  const all = Object.entries({ PORT: String(service.port), ...variables });
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is compiled into pages, from the environment of the one who builds. */
export function argumentsOf(service: PlannedService, { tree }: Plan): Record<string, string> {
  // An empty argument would go before the value that was committed.
  const committed = committedSettings(service, tree)?.names ?? [];
  const asked = service.env.filter((variable) => isBuildArgument(variable) && !committed.includes(variable.name));
  return Object.fromEntries(asked.map((variable) => [variable.name, reference(variable, true)]));
}

/** On a machine where one works, stores have a password that everybody knows. */
export function password(text: string, open: boolean): string {
  return open ? text.replace(/\$\{STORE_PASSWORD:\?[^}]*\}/g, "${STORE_PASSWORD:-app}") : text;
}

/** The address of a store that runs beside the services; undefined for one that is rented. */
function addressOf(store: PlannedStore, { sqlDrivers }: PlannedService, { pins }: Plan): string | undefined {
  const address = storeRecipe(store, pins)?.recipe.url(store.name);
  return address && withDriver(address, sqlDrivers[store.kind]);
}

function reference(variable: PlannedService["env"][number], lax: boolean): string {
  const { name, required } = variable;
  const value = lax ? variable.default : productionDefault(variable);
  if (value !== null) return `\${${name}:-${value.replace(/[$}]/g, "")}}`;
  return required && !lax ? `\${${name}:?set it in .env}` : `\${${name}:-}`;
}
