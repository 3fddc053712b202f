import { deployedValue } from "../../deployed-value.ts";
import { inImage } from "../../image-folders.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { contextOf } from "../dockerfile/context.ts";
import type { LegacySettings } from "./legacy.ts";
import { besides } from "./names.ts";
import { code, type Source, sourceText } from "./source.ts";
import { type RailwayStore, storeReference } from "./store-references.ts";

/** Seconds in which an old deployment goes on beside the new one, and ends its requests. */
const OVERLAP = 30;

/** A resource of the file: its constant, and the call that makes it. */
export interface Definition {
  constant: string;
  source: string;
}

/** What services are written with. */
export interface Site {
  plan: Plan;
  /** A constant that nothing else has. */
  constant(name: string, kind: string): string;
  /** The stores that Railway runs. */
  stores: readonly RailwayStore[];
}

type Settings = Record<string, Source | undefined>;

/** A service with its volume, and one service more for each further program of its image. */
export function definitions(service: PlannedService, site: Site, old: LegacySettings | undefined): Definition[] {
  const volume = volumeOf(service, site);
  const own = common(service, site);
  // One image for all of them: what builds the service builds its programs.
  const { build } = withOld(own, old?.settings.build === undefined ? {} : { build: old.settings.build });
  const start = { ...own, build };
  const programs = service.processes.map(({ name, command }) =>
    definition(besides(service, name, site.plan), site, {
      ...start,
      start: command,
      deploy: { drainingSeconds: service.drain },
    }),
  );
  const crons = service.crons
    .filter(({ command }) => command !== null)
    .map(({ name, schedule, command }) =>
      definition(besides(service, name, site.plan), site, {
        ...start,
        start: command ?? "",
        deploy: { cronSchedule: schedule, restartPolicyType: "NEVER" },
      }),
    );
  const main = definition(service.name, site, mainSettings(service, site, volume?.constant), old);
  return [...(volume ? [volume] : []), main, ...programs, ...crons];
}

function volumeOf({ name, state }: PlannedService, { constant }: Site): Definition | undefined {
  if (state.length === 0) return undefined;
  const volume = `${name}-state`;
  return { constant: constant(volume, "Volume"), source: `volume(${JSON.stringify(volume)})` };
}

function definition(name: string, { constant }: Site, settings: Settings, old?: LegacySettings): Definition {
  const base = withOld(settings, old?.settings ?? {});
  const overrides = Object.entries(old?.environments ?? {}).filter(([, value]) => Object.keys(value).length > 0);
  const body = sourceText(base, "  ");
  const more = overrides.map(([environment, value]) => {
    // A spread replaces whole keys, so each is written with what holds everywhere.
    const whole = Object.fromEntries(Object.keys(value).map((key) => [key, withOld(base, value)[key]]));
    return `    ...(${inEnvironment(environment)} ? ${sourceText(whole, "    ")} : {}),\n`;
  });
  const text = more.length > 0 ? `${body.replace(/\n {2}\}$/, "\n")}${more.join("")}  }` : body;
  return { constant: constant(name, "Service"), source: `service(${JSON.stringify(name)}, ${text})` };
}

/** The old files call the environments of all pull requests `pr`; the new one knows each by its own name only. */
function inEnvironment(name: string): string {
  return name === "pr"
    ? '/(?:^|-)pr-\\d+$/.test(ctx.environmentName ?? "")'
    : `ctx.isEnvironment(${JSON.stringify(name)})`;
}

function common(service: PlannedService, { plan, stores }: Site): Settings {
  const context = contextOf(service);
  const { path } = service.dockerfile;
  return {
    source: plan.repository ? code("pushed") : undefined,
    root: context === "." ? undefined : `/${context}`,
    build: {
      builder: "DOCKERFILE",
      dockerfilePath: context === "." ? path : path.slice(context.length + 1),
      watchPatterns: [service.path, ...service.internal].map((folder) => (folder === "." ? "/**" : `/${folder}/**`)),
    },
    env: variables(service, stores),
  };
}

function mainSettings(service: PlannedService, site: Site, volume: string | undefined): Settings {
  const { state, health, migrations, role, crons, start } = service;
  const [folder] = state;
  // Without a known route none is asked for: a wrong one would refuse every release.
  const healthcheck = role === "static" ? (health ?? "/") : role === "http" ? (health ?? undefined) : undefined;
  const schedule =
    role === "cron" ? crons.find(({ command }) => command === null || command === start)?.schedule : undefined;
  return {
    ...common(service, site),
    env: { ...variables(service, site.stores), ...asRoot(service) },
    preDeploy: migrations ? [migrations.command] : undefined,
    healthcheck,
    healthcheckTimeout: healthcheck === undefined ? undefined : Math.max(60, service.startup * 2),
    // A volume belongs to one replica only.
    replicas: state.length > 0 ? 1 : service.replicas,
    deploy: schedule
      ? { cronSchedule: schedule, restartPolicyType: "NEVER" }
      : {
          restartPolicyType: "ON_FAILURE",
          restartPolicyMaxRetries: 10,
          overlapSeconds: state.length > 0 ? 0 : OVERLAP,
          drainingSeconds: service.drain,
        },
    volumeMounts: folder !== undefined && volume ? { [inImage(service, folder)]: code(volume) } : undefined,
  };
}

/** Settings that people made on purpose go before ours; a builder of theirs needs nothing of our Dockerfile. */
function withOld(base: Settings, old: Record<string, Source>): Settings {
  const merged = { ...base };
  for (const [key, value] of Object.entries(old)) {
    const mine = merged[key];
    merged[key] = isPlain(mine) && isPlain(value) ? { ...mine, ...value } : value;
  }
  const build: Source | undefined = merged.build;
  if (isPlain(build) && !isDockerfile(build)) merged.build = { ...build, dockerfilePath: undefined };
  return merged;
}

/** Addresses of stores as references, settings as they are, everything secret as it is on Railway already. */
function variables(service: PlannedService, stores: Site["stores"]): Record<string, Source> {
  const entries = service.env
    .filter(({ class: kind }) => kind !== "provided")
    .map((variable): [string, Source] => {
      const told = storeReference(variable, service, stores);
      if (told !== undefined) return [variable.name, told];
      const value = variable.class === "secret" ? null : (variable.on?.railway ?? deployedValue(variable));
      return [variable.name, value ?? code("preserve()")];
    });
  return Object.fromEntries(entries);
}

/** A volume of Railway belongs to root, and users of an image cannot write to it. */
function asRoot({ state }: PlannedService): Record<string, Source> {
  return state.length > 0 ? { RAILWAY_RUN_UID: "0" } : {};
}

function isDockerfile({ builder }: Settings): boolean {
  return builder === "DOCKERFILE";
}

function isPlain(value: Source | undefined): value is Settings {
  return typeof value === "object" && !Array.isArray(value) && !("code" in value);
}
