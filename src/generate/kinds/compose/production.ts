import type { Plan, PlannedService, PlannedStore } from "../../plan.ts";
import { storeRecipe } from "../../store-images.ts";
import { contextOf } from "../dockerfile/context.ts";
import { probeCommand } from "../dockerfile/probe.ts";
import { variablesOf } from "./variables.ts";

/** What every container of production has: it cannot write, gains no rights, and its log ends. */
const HARDENED = {
  read_only: true,
  tmpfs: ["/tmp"],
  cap_drop: ["ALL"],
  security_opt: ["no-new-privileges:true"],
  logging: { driver: "json-file", options: { "max-file": "3", "max-size": "10m" } },
};

/** compose.yaml as data. */
export function productionFile(plan: Plan): object {
  const services = plan.services.flatMap((service) => [
    [service.name, webService(service, plan)] as const,
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
    ...plan.services.flatMap(({ name, state }) => (state.length > 0 ? [`${name}-state`] : [])),
  ];
  return {
    name: plan.project,
    services: Object.fromEntries([...services, ...stores]),
    ...(volumes.length > 0 ? { volumes: Object.fromEntries(volumes.sort().map((name) => [name, {}])) } : {}),
  };
}

function webService(service: PlannedService, plan: Plan): object {
  const { port, name } = service;
  return {
    ...built(service),
    restart: "unless-stopped",
    ...common(service, plan),
    ...(port === null ? {} : { ports: [`127.0.0.1:\${${variableName(name)}_PORT:-${port}}:${port}`] }),
    ...healthOf(service),
  };
}

/** A worker of the same image: nothing asks it, so it has no port and no check of its own. */
function further(service: PlannedService, command: string, plan: Plan): object {
  return {
    ...built(service),
    command: words(command),
    restart: "unless-stopped",
    ...common(service, plan),
    healthcheck: { disable: true },
  };
}

/** Run before a release: `docker compose run --rm api-migrate`. */
function migration(service: PlannedService, command: string, plan: Plan): object {
  return {
    ...built(service),
    command: words(command),
    profiles: ["release"],
    restart: "no",
    ...common(service, plan),
    healthcheck: { disable: true },
  };
}

function built(service: PlannedService): object {
  const context = contextOf(service);
  const dockerfile = context === "." ? service.dockerfile.path : service.dockerfile.path.slice(context.length + 1);
  return {
    image: `\${${variableName(service.name)}_IMAGE:-${service.image}:local}`,
    build: { context: context === "." ? "." : `./${context}`, dockerfile },
  };
}

function common(service: PlannedService, plan: Plan): object {
  const { state, resources, name, stores, dependsOn, grace } = service;
  const running = plan.stores.filter((store) => stores.includes(store.name) && storeRecipe(store, plan.pins));
  const waits = [
    ...running.map((store) => store.name),
    ...dependsOn.filter((other) => plan.services.some((item) => item.name === other)),
  ];
  return {
    init: true,
    environment: variablesOf(service, plan),
    ...(waits.length > 0
      ? {
          depends_on: Object.fromEntries(
            [...new Set(waits)].sort().map((other) => [other, { condition: "service_healthy" }]),
          ),
        }
      : {}),
    ...HARDENED,
    mem_limit: `${resources.memory}m`,
    stop_grace_period: `${grace}s`,
    ...(state.length > 0 ? { volumes: state.map((path) => `${name}-state:/app/${path}`) } : {}),
  };
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
        environment: recipe.env,
        security_opt: ["no-new-privileges:true"],
        mem_limit: "512m",
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
function words(command: string): string[] | string {
  return /[$|&;<>*]/.test(command) ? ["sh", "-c", literal(`exec ${command}`)] : command.split(/\s+/);
}

/** The name of a service in variables: `shop-api` as SHOP_API. */
export function variableName(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}
