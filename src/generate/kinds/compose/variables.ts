import { deployedValue } from "../../deployed-value.ts";
import type { Plan, PlannedService, PlannedStore } from "../../plan.ts";
import { withDriver } from "../../sql-driver.ts";
import { storeRecipe } from "../../store-images.ts";
import { storePart } from "../../store-parts.ts";
import { committedSettings } from "../dockerfile/page-settings.ts";
import { isBuildArgument } from "../dockerfile/parts.ts";
import { partValue } from "./store-values.ts";

/** Values by name; null for one that is there only where somebody sets it. */
export type Values = Record<string, string | null>;

/** Variables of a service: fixed ones as they are, others from the environment; a required one that is missing stops the start. */
export function variablesOf(service: PlannedService, plan: Plan, openPassword = false): Values {
  const stores = plan.stores.filter(({ name }) => service.stores.includes(name));
  const variables = service.env
    .filter(({ class: kind, phase }) => kind !== "provided" && phase === "run")
    .map((variable): [string, string | null] => {
      const store = plan.stores.find(({ name }) => name === variable.store);
      // Compose of the first generation takes no variable within the default of another.
      const told = storePart(variable, stores);
      const address = (told && partValue(told, plan.pins)) ?? (store && addressOf(store, service, plan));
      return [variable.name, address ? password(address, openPassword) : reference(variable, openPassword)];
    });
  return Object.fromEntries(variables.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same with the port, for the program that listens. */
export function listeningVariables(service: PlannedService, plan: Plan, openPassword = false): Values {
  const variables = variablesOf(service, plan, openPassword);
  if (service.port === null) return variables;
  const all = Object.entries({ PORT: String(service.port), ...variables });
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is compiled into pages, from the environment of the one who builds. */
export function argumentsOf(service: PlannedService, { tree }: Plan, open = false): Values {
  // A value from here would go before the one that was committed.
  const committed = committedSettings(service, tree)?.names ?? [];
  const asked = service.env.filter((variable) => isBuildArgument(variable) && !committed.includes(variable.name));
  return Object.fromEntries(asked.map((variable) => [variable.name, reference(variable, open)]));
}

/** On a machine where one works, stores have a password that everybody knows. */
export function password(text: string, open: boolean): string {
  return open ? text.replace(/\$\{STORE_PASSWORD:\?[^}]*\}/g, "${STORE_PASSWORD:-app}") : text;
}

/** The address of a store that runs beside the services; undefined for one that is rented. */
function addressOf(store: PlannedStore, service: PlannedService, { pins }: Plan): string | undefined {
  const { sqlDrivers, runtime, migrations } = service;
  const address = storeRecipe(store, pins)?.recipe.url(store.name);
  const driver = sqlDrivers[store.kind];
  // Programs of Go want TLS where nothing is said, and the store beside them has none.
  const ofGo = runtime.name === "go" || /^(?:dbmate|migrate|goose) /.test(migrations?.command ?? "");
  const more = store.kind === "postgres" && ofGo && driver === undefined ? "?sslmode=disable" : "";
  return address && `${withDriver(address, driver)}${more}`;
}

/** Where one works, samples do; elsewhere only what is right anywhere. What is set to nothing would go before the default of the code. */
function reference(variable: PlannedService["env"][number], open: boolean): string | null {
  const { name, required } = variable;
  const value = open ? workingValue(variable) : deployedValue(variable);
  if (value !== null) return `\${${name}:-${value.replace(/[$}]/g, "")}}`;
  return required && !open ? `\${${name}:?set it in .env}` : null;
}

/** Where a program asks other programs of the machine, and not where people or it itself are asked. */
const ASKED =
  /(?:^|_)(?:ENDPOINT(?:_URL)?|BROKERS?|(?:SMTP|MAIL|EMAIL|S3|MINIO|KAFKA|ELASTICSEARCH|MEILI|LDAP|OTEL|SENTRY)\w*_(?:HOST|URL|SERVERS?))$/;
/** The machine of a developer, as its containers see it. */
export const MACHINE = "host.docker.internal";

function workingValue(variable: PlannedService["env"][number]): string | null {
  const { name } = variable;
  const value = variable.working ?? variable.default;
  if (value === null) return workingSecret(variable);
  return ASKED.test(name) ? value.replace(/(^|[/@,])(?:localhost|127\.0\.0\.1)(?=[:/,]|$)/g, `$1${MACHINE}`) : value;
}

/** Keys that an application makes up for itself: with any value it works on the machine of a developer. */
const OWN_SECRET =
  /^(?:(?:DJANGO|FLASK|APP|RAILS|SESSION|COOKIE|AUTH|NEXTAUTH|BETTER_AUTH|TOKEN|HASH|JWT(?:_[A-Z]+)?)_)?SECRET(?:_KEY)?(?:_BASE)?$/;

function workingSecret({ name, class: kind, required }: PlannedService["env"][number]): string | null {
  return kind === "secret" && required && OWN_SECRET.test(name) ? "only-while-one-works-on-it-0123456789" : null;
}
