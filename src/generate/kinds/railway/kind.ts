import type { GeneratedFile, Kind } from "../../kind.ts";
import type { Plan, PlannedService, PlannedStore } from "../../plan.ts";
import { contextOf } from "../dockerfile/context.ts";
import { type LegacySettings, legacySettings } from "./legacy.ts";
import { code, type Source, sourceText } from "./source.ts";

/** Stores that Railway runs itself, and the variable each offers its address in. */
const STORES: Partial<Record<PlannedStore["kind"], { call: string; variable: string }>> = {
  postgres: { call: "postgres", variable: "DATABASE_URL" },
  mysql: { call: "mysql", variable: "MYSQL_URL" },
  mongodb: { call: "mongo", variable: "MONGO_URL" },
  redis: { call: "redis", variable: "REDIS_URL" },
};
/** Seconds in which an old deployment goes on beside the new one, and ends its requests. */
const OVERLAP = 30;

/** Railway's configuration as code; settings of the old files are taken over, since those are read no more from 2026-12-01 on. */
export const railway: Kind = {
  id: "railway",
  title: "Railway",
  wanted: ({ target, platforms }) => target === "railway" || platforms.includes("railway"),
  render(plan) {
    const old = new Map(plan.services.map((service) => [service.name, legacySettings(service, plan)]));
    const file: GeneratedFile = {
      path: ".railway/railway.ts",
      text: text(plan, old),
      ownership: "managed",
      why: "services, databases and variables on Railway",
      notes: notes([...old.values()].filter((item) => item !== undefined)),
    };
    return [file];
  },
};

function notes(old: readonly LegacySettings[]): string[] {
  return [
    "`railway config plan` shows what it would change; it needs Node 22 or newer and CLI 5.42.1 or newer, and is experimental on Railway's side",
    ...new Set(
      old.map(
        ({ file }) =>
          `${file} is not read from 2026-12-01 on; its settings are in .railway/railway.ts: remove it after \`railway config apply\``,
      ),
    ),
    ...old.flatMap(({ file, lost }) =>
      lost.map((key) => `${file}: ${key} has no place in .railway/railway.ts; look at it before you apply`),
    ),
  ];
}

function text(plan: Plan, old: ReadonlyMap<string, LegacySettings | undefined>): string {
  const stores = plan.stores.flatMap((store) => {
    const known = STORES[store.kind];
    return known ? [{ store, ...known, constant: constantName(store.name) }] : [];
  });
  const volumes = plan.services.filter(({ state }) => state.length > 0);
  const services = plan.services.flatMap((service) => definitions(service, plan, old.get(service.name)));
  const overrides = services.some(({ source }) => source.includes("ctx."));
  const names = [
    ...new Set([
      "defineRailway",
      "project",
      "service",
      ...(plan.repository ? ["github"] : []),
      ...stores.map(({ call }) => call),
      ...(volumes.length > 0 ? ["volume"] : []),
      ...(services.some(({ source }) => source.includes("preserve()")) ? ["preserve"] : []),
    ]),
  ].sort();
  const resources = [...stores.map(({ constant }) => constant), ...services.map(({ constant }) => constant)];
  return [
    "// Written by stationmaster generate; edits are kept when it is written again.",
    `import { ${names.join(", ")} } from "railway/iac";`,
    "",
    "// It owns what it names and nothing else of the project: without this line everything else would be removed.",
    'export const partial = "stationmaster";',
    "",
    ...stores.map(({ constant, call, store }) => `const ${constant} = ${call}(${JSON.stringify(store.name)});`),
    ...(stores.length > 0 ? [""] : []),
    `export default defineRailway((${overrides ? "ctx" : ""}) => {`,
    ...services.map(({ constant, source }) => `  const ${constant} = ${source};\n`),
    `  return project(${JSON.stringify(plan.project)}, { resources: [${resources.join(", ")}] });`,
    "});",
    "",
  ].join("\n");
}

interface Definition {
  constant: string;
  source: string;
}

/** A service, and one more for each further program of its image. */
function definitions(service: PlannedService, plan: Plan, old: LegacySettings | undefined): Definition[] {
  const main = definition(service.name, mainSettings(service, plan, old), old);
  const workers = service.processes.map(({ name, command }) =>
    definition(`${service.name}-${name}`, { ...common(service, plan), start: command }, undefined),
  );
  const crons = service.crons
    .filter(({ command }) => command !== null)
    .map(({ name, schedule, command }) =>
      definition(
        `${service.name}-${name}`,
        {
          ...common(service, plan),
          start: command ?? "",
          deploy: { cronSchedule: schedule, restartPolicyType: "NEVER" },
        },
        undefined,
      ),
    );
  return [main, ...workers, ...crons];
}

function definition(
  name: string,
  settings: Record<string, Source | undefined>,
  old: LegacySettings | undefined,
): Definition {
  const overrides = Object.entries(old?.environments ?? {}).filter(([, value]) => Object.keys(value).length > 0);
  const body = sourceText(settings, "  ");
  const more = overrides.map(
    ([environment, value]) =>
      `    ...(ctx.isEnvironment(${JSON.stringify(environment)}) ? ${sourceText(value, "    ")} : {}),\n`,
  );
  const whole = more.length > 0 ? `${body.replace(/\n {2}\}$/, "\n")}${more.join("")}  }` : body;
  return { constant: constantName(name), source: `service(${JSON.stringify(name)}, ${whole})` };
}

function common(service: PlannedService, plan: Plan): Record<string, Source | undefined> {
  const context = contextOf(service);
  return {
    source: plan.repository
      ? code(`github(${JSON.stringify(plan.repository)}, { branch: ${JSON.stringify(plan.defaultBranch)} })`)
      : undefined,
    root: context === "." ? undefined : `/${context}`,
    build: {
      builder: "DOCKERFILE",
      dockerfilePath: context === "." ? service.dockerfile.path : service.dockerfile.path.slice(context.length + 1),
      watchPatterns: [service.path, ...service.internal].map((folder) => (folder === "." ? "/**" : `/${folder}/**`)),
    },
    env: variables(service, plan),
  };
}

function mainSettings(
  service: PlannedService,
  plan: Plan,
  old: LegacySettings | undefined,
): Record<string, Source | undefined> {
  const { state, health, migrations, role, name } = service;
  const base: Record<string, Source | undefined> = {
    ...common(service, plan),
    preDeploy: migrations ? [migrations.command] : undefined,
    ...(role === "http" ? { healthcheck: health ?? "/", healthcheckTimeout: Math.max(30, service.startup * 2) } : {}),
    ...(role === "static" ? { healthcheck: "/", healthcheckTimeout: 60 } : {}),
    // A volume belongs to one replica only.
    replicas: state.length > 0 ? 1 : service.replicas,
    deploy: {
      restartPolicyType: "ON_FAILURE",
      restartPolicyMaxRetries: 10,
      overlapSeconds: state.length > 0 ? 0 : OVERLAP,
      drainingSeconds: service.drain,
    },
    volumeMounts:
      state.length > 0 ? { [`/app/${state[0]}`]: code(`volume(${JSON.stringify(`${name}-state`)})`) } : undefined,
  };
  return withOld(base, old?.settings ?? {});
}

/** Settings that people made on purpose go before ours. */
function withOld(
  base: Record<string, Source | undefined>,
  old: Record<string, Source>,
): Record<string, Source | undefined> {
  const merged = { ...base };
  for (const [key, value] of Object.entries(old)) {
    const mine = merged[key];
    const both = isPlain(mine) && isPlain(value);
    merged[key] = both ? { ...mine, ...value } : value;
  }
  return merged;
}

/** Addresses of stores as references, settings as they are, everything secret as it is on Railway already. */
function variables(service: PlannedService, plan: Plan): Source {
  const entries = service.env
    .filter(({ class: kind }) => kind !== "provided")
    .map((variable): [string, Source] => {
      const store = plan.stores.find(({ name }) => name === variable.store);
      const known = store && STORES[store.kind];
      if (store && known) return [variable.name, code(`${constantName(store.name)}.env.${known.variable}`)];
      return [
        variable.name,
        variable.class === "secret" || variable.default === null ? code("preserve()") : variable.default,
      ];
    });
  return Object.fromEntries(entries);
}

function isPlain(value: Source | undefined): value is { readonly [key: string]: Source | undefined } {
  return typeof value === "object" && !Array.isArray(value) && !("code" in value);
}

function constantName(name: string): string {
  const camel = name.replace(/[^A-Za-z0-9]+(.)?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? "");
  return /^\d/.test(camel) ? `_${camel}` : camel;
}
