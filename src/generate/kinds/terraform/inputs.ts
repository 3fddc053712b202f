import { expr, type HclBlock, type HclValue, printHcl } from "../../../formats/hcl/write.ts";
import { isClock } from "../../clock.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { extended, validation, variable } from "./blocks.ts";
import { type Environment, requiredSettings } from "./environment.ts";
import { containersOf, pagesOf, serversOf } from "./naming.ts";
import { passwordVariable } from "./password.ts";
import { trustVariables } from "./trust.ts";
import { workloadsOf } from "./workloads.ts";

/** The environments of all services that run as containers. */
export type Environments = ReadonlyMap<PlannedService, Environment>;

/** What has to be said on every cloud; each stands here only where something uses it. */
export function commonVariables(plan: Plan, environments: Environments): HclBlock[] {
  const run = containersOf(plan);
  const reached = [...pagesOf(plan), ...serversOf(plan)].length > 0;
  return [
    extended(variable("environment", "string", "Name of the environment: staging or production"), [
      validation(
        'can(regex("^[a-z][a-z0-9-]{1,9}$", var.environment))',
        "Two to ten small letters, digits or hyphens.",
      ),
    ]),
    variable("region", "string", "Region of everything", plan.cloud.region),
    ...(reached
      ? [variable("domain", "string", "Host name that people open", ...(plan.domain ? [plan.domain] : []))]
      : []),
    ...(run.length > 0 ? [images(run)] : []),
    ...(scaled(plan).length > 0 ? [replicas(plan)] : []),
    ...settings(environments),
    ...optionalSecrets(environments),
    ...passwordVariable(plan),
    ...trustVariables(plan),
  ];
}

/** Programs that run all the time, and how many of each. */
function scaled(plan: Plan): { name: string; min: number; max: number }[] {
  return containersOf(plan).flatMap((service) =>
    workloadsOf(service)
      .filter(({ kind }) => kind === "server" || kind === "worker")
      .map(({ name, command }) => {
        // Two programs that write the same files destroy them.
        const single = service.state.length > 0 || isClock(command?.join(" "));
        return { name, min: single ? 1 : service.scale.min, max: single ? 1 : service.scale.max };
      }),
  );
}

function images(run: readonly PlannedService[]): HclBlock {
  const names = run.map(({ name }) => JSON.stringify(name)).join(", ");
  return extended(
    variable(
      "images",
      "map(string)",
      "Image of each service by digest, for the first start; the pipeline deploys later ones",
    ),
    [
      validation(`length(setsubtract([${names}], keys(var.images))) == 0`, "Each service needs an image."),
      validation(
        'alltrue([for image in values(var.images) : can(regex("@sha256:[0-9a-f]{64}$", image))])',
        "Name images by digest: a tag may be another image tomorrow.",
      ),
    ],
  );
}

function replicas(plan: Plan): HclBlock {
  const values = Object.fromEntries(scaled(plan).map(({ name, min, max }) => [name, { min, max }]));
  return variable(
    "replicas",
    "map(object({ min = number, max = number }))",
    "Fewest and most replicas of each program",
    values,
  );
}

function settings(environments: Environments): HclBlock[] {
  if (![...environments.values()].some(({ open }) => open.length > 0)) return [];
  const required = requiredSettings([...environments].map(([{ name }, environment]) => [name, environment]));
  const block = variable(
    "settings",
    "map(map(string))",
    "By service: variables that are no secret and that nothing in the repository gives a value",
    ...(Object.keys(required).length === 0 ? [{}] : []),
  );
  return [
    extended(
      block,
      Object.entries(required).map(([name, names]) => {
        const list = names.map((item) => JSON.stringify(item)).join(", ");
        return validation(
          `length(setsubtract([${list}], keys(lookup(var.settings, ${JSON.stringify(name)}, {})))) == 0`,
          `${name} needs ${names.join(", ")}.`,
        );
      }),
    ),
  ];
}

function optionalSecrets(environments: Environments): HclBlock[] {
  const names = [...environments.values()].flatMap(optionalNames);
  if (names.length === 0) return [];
  const known = [...new Set(names)].sort();
  return [
    variable(
      "optional_secrets",
      "set(string)",
      `Secrets that have a value though the code does without: ${known.join(", ")}`,
      [],
    ),
  ];
}

/** Secrets without which a service starts. */
function optionalNames({ secret }: Environment): string[] {
  return secret.filter(({ required }) => !required).map(({ name }) => name);
}

/** The clause that leaves out optional secrets that nobody set. */
export function whereSet(environment: Environment): string {
  const names = optionalNames(environment);
  if (names.length === 0) return "";
  return ` if !contains([${names.map((name) => JSON.stringify(name)).join(", ")}], name) || contains(var.optional_secrets, name)`;
}

/** Variables of a service as an expression: what the repository says, then what `settings` says. */
export function environmentMap(service: PlannedService, id: string, { fixed, open }: Environment): string | undefined {
  const given = `lookup(var.settings, ${JSON.stringify(service.name)}, {})`;
  if (fixed.length === 0) return open.length === 0 ? undefined : given;
  return open.length === 0 ? `local.${id}_environment` : `merge(local.${id}_environment, ${given})`;
}

/** The local that holds what the repository says. */
export function environmentLocal(id: string, { fixed }: Environment): HclBlock[] {
  if (fixed.length === 0) return [];
  const value = Object.fromEntries(
    fixed.map(({ name, value: text, template }): [string, HclValue] => [name, template ? templated(text) : text]),
  );
  return [{ block: "locals", body: [{ attribute: `${id}_environment`, value }] }];
}

function templated(text: string): HclValue {
  const alone = /^\$\{([^{}]+)\}$/.exec(text)?.[1];
  return expr(alone ?? `"${text}"`);
}

/** Sizes of an environment as `.tfvars`. */
export function sizes(plan: Plan, environment: "production" | "staging", more: Record<string, HclValue>): string {
  const production = environment === "production";
  const reached = [...pagesOf(plan), ...serversOf(plan)].length > 0;
  const programs = scaled(plan);
  const count = ({ min, max }: { min: number; max: number }) =>
    production ? { min, max } : { min: 1, max: Math.min(max, 2) };
  const pairs: Record<string, HclValue> = {
    environment,
    ...(plan.domain && reached ? { domain: production ? plan.domain : `staging.${plan.domain}` } : {}),
    ...more,
    ...(programs.length > 0
      ? { replicas: Object.fromEntries(programs.map((program) => [program.name, count(program)])) }
      : {}),
  };
  const body = Object.entries(pairs).map(([attribute, value]) => ({ attribute, value }));
  return `${printHcl([{ block: "x", body }])
    .split("\n")
    .slice(1, -2)
    .map((line) => line.slice(2))
    .join("\n")}\n`;
}
