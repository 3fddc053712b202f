import { shellCommands } from "../../../scan/command-line.ts";
import { inImage, scratchFolders } from "../../image-folders.ts";
import type { Plan, PlannedService, PlannedStore } from "../../plan.ts";
import { storeRecipe } from "../../store-images.ts";
import { probeCommand } from "../dockerfile/probe.ts";
import { imageBuild } from "../dockerfile/stages.ts";
import { hostPorts } from "./host-ports.ts";
import { argumentsOf, listeningVariables, variablesOf } from "./variables.ts";

/** What every container of production has: it cannot write, gains no rights, and its log ends. */
const HARDENED = {
  read_only: true,
  cap_drop: ["ALL"],
  security_opt: ["no-new-privileges:true"],
  logging: { driver: "json-file", options: { "max-file": "3", "max-size": "10m" } },
};
const STORE_MEMORY = "512m";

/** compose.yaml as data. */
export function productionFile(plan: Plan): object {
  const ports = hostPorts(plan);
  const services = plan.services.flatMap((service) => [
    [service.name, mainService(service, plan, ports)] as const,
    ...service.processes.map(
      (process) => [`${service.name}-${process.name}`, further(service, process.command, plan)] as const,
    ),
    ...(service.migrations
      ? [[`${service.name}-migrate`, migration(service, service.migrations.command, plan)] as const]
      : []),
  ]);
  const stores = plan.stores.flatMap((store) => storeService(store, plan));
  const volumes = [
    ...stores.map(([name]) => `${name}-data`),
    ...plan.services.flatMap((service) => stateVolumes(service).map(({ volume }) => volume)),
  ];
  return {
    name: plan.project,
    services: Object.fromEntries([...services, ...stores]),
    ...(volumes.length > 0 ? { volumes: Object.fromEntries(volumes.sort().map((name) => [name, {}])) } : {}),
  };
}

function mainService(service: PlannedService, plan: Plan, ports: ReadonlyMap<string, number>): object {
  const { port, name, role } = service;
  // What runs once is started when it is due: `docker compose run --rm NAME`.
  const once = role === "job" || role === "cron";
  return {
    ...built(service, plan),
    ...(once ? { profiles: [role] } : { restart: "unless-stopped" }),
    ...common(service, plan, listeningVariables(service, plan)),
    ...(port === null ? {} : { ports: [`127.0.0.1:\${${variableName(name)}_PORT:-${ports.get(name)}}:${port}`] }),
    ...healthOf(service),
  };
}

/** A worker of the same image: nothing asks it, so it has no port and no check of its own. */
function further(service: PlannedService, command: string, plan: Plan): object {
  return {
    ...built(service, plan),
    command: containerWords(command),
    restart: "unless-stopped",
    ...common(service, plan),
    healthcheck: { disable: true },
  };
}

/** Run before a release: `docker compose run --rm api-migrate`. */
function migration(service: PlannedService, command: string, plan: Plan): object {
  return {
    ...built(service, plan),
    command: containerWords(command),
    profiles: ["release"],
    ...common(service, plan),
    healthcheck: { disable: true },
  };
}

function built(service: PlannedService, plan: Plan): object {
  const build = imageBuild(service, plan);
  const image = `\${${variableName(service.name)}_IMAGE:-${service.image}:local}`;
  if (!build) return { image };
  const args = argumentsOf(service, plan);
  return {
    image,
    build: {
      context: build.context === "." ? "." : `./${build.context}`,
      dockerfile: build.dockerfile,
      ...(Object.keys(args).length > 0 ? { args } : {}),
    },
  };
}

function common(service: PlannedService, plan: Plan, environment = variablesOf(service, plan)): object {
  const { resources, grace, drain } = service;
  const volumes = stateVolumes(service);
  const waits = waitsFor(service, plan);
  return {
    init: true,
    ...(Object.keys(environment).length > 0 ? { environment } : {}),
    ...(Object.keys(waits).length > 0 ? { depends_on: waits } : {}),
    ...rightsOf(service),
    tmpfs: ["/tmp", ...scratchFolders(service)],
    mem_limit: `${resources.memory}m`,
    stop_grace_period: `${drain + grace}s`,
    ...(volumes.length > 0 ? { volumes: volumes.map(({ volume, at }) => `${volume}:${at}`) } : {}),
  };
}

/** What an image that people wrote writes to is not known, nor what one does that begins as root. */
function rightsOf({ dockerfile: { own } }: PlannedService): Partial<typeof HARDENED> {
  if (!own) return HARDENED;
  const { security_opt, logging, cap_drop } = HARDENED;
  const root = own.user === null || /^(?:root|0)(?::|$)/.test(own.user);
  return { ...(root ? {} : { cap_drop }), security_opt, logging };
}

/** Stores and services it needs: those that have a check have to pass it first. */
function waitsFor(service: PlannedService, plan: Plan): Record<string, { condition: string }> {
  const stores = plan.stores.filter(({ name }) => service.stores.includes(name));
  const others = plan.services.filter(({ name }) => service.dependsOn.includes(name) && name !== service.name);
  const waits = [
    ...stores.filter((store) => storeRecipe(store, plan.pins)).map(({ name }) => [name, true] as const),
    ...others.map((other) => [other.name, probeCommand(other) !== undefined] as const),
  ];
  return Object.fromEntries(
    waits
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, checked]) => [name, { condition: checked ? "service_healthy" : "service_started" }]),
  );
}

/** A volume for each folder that outlives a release. */
function stateVolumes(service: PlannedService): { volume: string; at: string }[] {
  return service.state.map((folder) => ({
    volume: `${service.name}-${folder.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "") || "state"}`,
    at: inImage(service, folder),
  }));
}

function healthOf(service: PlannedService): object {
  const probe = probeCommand(service);
  if (!probe) return {};
  return {
    healthcheck: {
      test: ["CMD", ...probe.map(literal)],
      interval: "30s",
      timeout: "5s",
      retries: 3,
      start_period: `${service.startup}s`,
    },
  };
}

function storeService(store: PlannedStore, plan: Plan): [string, object][] {
  const found = storeRecipe(store, plan.pins);
  if (!found) return [];
  const { recipe, image } = found;
  return [
    [
      store.name,
      {
        image,
        ...(recipe.command ? { command: recipe.command } : {}),
        restart: "unless-stopped",
        ...(Object.keys(recipe.env).length > 0 ? { environment: recipe.env } : {}),
        security_opt: ["no-new-privileges:true"],
        mem_limit: STORE_MEMORY,
        logging: HARDENED.logging,
        volumes: [`${store.name}-data:${recipe.data}`],
        healthcheck: {
          test: ["CMD", ...recipe.probe],
          interval: "10s",
          timeout: "5s",
          retries: 5,
          start_period: "30s",
        },
      },
    ],
  ];
}

/** Variables of a command belong to the container: Compose would replace them. */
export function literal(word: string): string {
  return word.replaceAll("$", "$$$$");
}

/** A command as Compose takes it; one with variables needs a shell that replaces itself. */
export function containerWords(command: string): string[] {
  const [only, ...more] = shellCommands(command);
  const plain = only && more.length === 0 && Object.keys(only.env).length === 0 && !/[$*`<>]/.test(command);
  if (plain) return only.argv;
  return ["sh", "-c", literal(more.length === 0 ? `exec ${command}` : command)];
}

/** The name of a service in variables: `shop-api` as SHOP_API. */
function variableName(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}
