import { deployedValue } from "../../deployed-value.ts";
import type { Plan, PlannedService, PlannedStore } from "../../plan.ts";
import { storePart } from "../../store-parts.ts";
import { type StoreAddress, storeValue } from "./store-address.ts";

/** Where each variable of a service gets its value from. */
export interface Environment {
  /** Values that the repository says, and parts of store addresses that are no secret; text of a template. */
  fixed: { name: string; value: string; template: boolean }[];
  /** What nothing in the repository says: given as `settings`. */
  open: { name: string; required: boolean }[];
  /** Kept where the cloud keeps secrets; `value` is a template where Terraform knows it. */
  secret: { name: string; required: boolean; value: string | null }[];
}

/** The environment of a service, with addresses of those stores that `addressOf` knows. */
export function environmentOf(
  service: PlannedService,
  plan: Plan,
  addressOf: (store: PlannedStore) => StoreAddress | undefined,
): Environment {
  const found: Environment = { fixed: [], open: [], secret: [] };
  const stores = plan.stores.filter(({ name }) => service.stores.includes(name));
  for (const variable of service.env) {
    const { name, class: kind, phase, required, store: used } = variable;
    const value = variable.on?.[plan.cloud.provider] ?? deployedValue(variable);
    if (kind === "provided" || phase !== "run" || name === "PORT") continue;
    // Parts of an address have no store of their own where the code puts them together.
    const store = plan.stores.find((item) => item.name === used) ?? storePart(variable, stores)?.store;
    const address = store && addressOf(store);
    const known = address && storeValue(variable, address, service);
    if (known?.secret) found.secret.push({ name, required: true, value: known.value });
    else if (known) found.fixed.push({ name, value: known.value, template: true });
    else if (kind === "secret") found.secret.push({ name, required, value: null });
    else if (value !== null) found.fixed.push({ name, value, template: false });
    else found.open.push({ name, required });
  }
  if (service.port !== null) found.fixed.unshift({ name: "PORT", value: String(service.port), template: false });
  return found;
}

/** Names of all settings that have to be given, by service. */
export function requiredSettings(
  environments: readonly (readonly [service: string, environment: Environment])[],
): Record<string, string[]> {
  return Object.fromEntries(
    environments
      .map(([name, { open }]) => [name, open.filter(({ required }) => required).map((item) => item.name)] as const)
      .filter(([, names]) => names.length > 0),
  );
}

/** Secrets that programs do not start without and that only people know, by service. */
export function unsetSecrets(
  environments: ReadonlyMap<PlannedService, Environment>,
): { service: PlannedService; name: string }[] {
  return [...environments].flatMap(([service, { secret }]) =>
    secret.filter(({ value, required }) => value === null && required).map(({ name }) => ({ service, name })),
  );
}
