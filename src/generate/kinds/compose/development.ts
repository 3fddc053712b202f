import { homeOf, insideContext } from "../../image-folders.ts";
import type { Plan, PlannedService, PlannedStore } from "../../plan.ts";
import { storeRecipe } from "../../store-images.ts";
import { probeCommand } from "../dockerfile/probe.ts";
import { type ImageBuild, imageBuild } from "../dockerfile/stages.ts";
import { developmentCommand } from "./development-command.ts";
import { hostPorts } from "./host-ports.ts";
import { literal } from "./production.ts";
import { argumentsOf, listeningVariables, password } from "./variables.ts";

/** The stage that builds is set for production. */
const MODE: Record<string, Record<string, string>> = { rails: { RAILS_ENV: "development" } };
/** Folders of installed packages stay those of the image: the machine's may be of another system. */
const KEPT: Record<string, readonly string[]> = {
  node: ["node_modules"],
  bun: ["node_modules"],
  python: ["node_modules"],
  php: ["vendor"],
  elixir: ["deps", "_build"],
};
/** Stages that build keep the sources of a compiled program apart from where it runs. */
const SOURCES_IN_SRC: ReadonlySet<string> = new Set(["go", "rust", "java", "dotnet", "elixir"]);

/** compose.dev.yaml as data: sources are mounted, stores are reached from the machine. */
export function developmentFile(plan: Plan): object {
  const running = plan.stores.flatMap((store) => {
    const found = storeRecipe(store, plan.pins);
    return found ? [{ store, ...found, name: store.name, port: found.recipe.port }] : [];
  });
  const ports = hostPorts(plan, running);
  const services = plan.services.flatMap((service) => {
    const build = imageBuild(service, plan);
    return build ? [[service.name, developed(service, { plan, build, ports })] as const] : [];
  });
  const stores = running.map((found) => [found.name, openStore(found, ports)] as const);
  return {
    name: `${plan.project}-dev`,
    services: Object.fromEntries([...services, ...stores]),
    ...(stores.length > 0 ? { volumes: Object.fromEntries(stores.map(([name]) => [`${name}-dev`, {}])) } : {}),
  };
}

interface Site {
  plan: Plan;
  build: ImageBuild;
  ports: ReadonlyMap<string, number>;
}

function developed(service: PlannedService, site: Site): object {
  const { plan, build, ports } = site;
  const { port, name } = service;
  const context = build.context === "." ? "." : `./${build.context}`;
  const command = build.stages.includes("build") ? developmentCommand(service, plan.tree) : undefined;
  const args = argumentsOf(service, plan);
  const stores = plan.stores.filter((store) => service.stores.includes(store.name) && storeRecipe(store, plan.pins));
  const probe = probeCommand(service, { development: command !== undefined });
  const environment = { ...listeningVariables(service, plan, true), ...(command ? MODE[service.framework ?? ""] : {}) };
  return {
    build: {
      context,
      dockerfile: build.dockerfile,
      ...(command ? { target: "build" } : {}),
      ...(Object.keys(args).length > 0 ? { args } : {}),
    },
    ...(command
      ? { command: ["sh", "-c", literal(`exec ${command}`)], working_dir: workingFolder(service, build) }
      : {}),
    init: true,
    ...(Object.keys(environment).length > 0 ? { environment } : {}),
    ...(stores.length > 0
      ? { depends_on: Object.fromEntries(stores.map((store) => [store.name, { condition: "service_healthy" }])) }
      : {}),
    ...(port === null ? {} : { ports: [`127.0.0.1:${ports.get(name)}:${port}`] }),
    ...(probe
      ? {
          healthcheck: {
            test: ["CMD", ...probe.map(literal)],
            interval: "10s",
            timeout: "5s",
            retries: 5,
            start_period: `${service.startup}s`,
          },
        }
      : {}),
    ...followed(service, site, command !== undefined),
  };
}

/** Sources are mounted where something looks at them again; elsewhere a change builds the image anew. */
function followed(service: PlannedService, { build, plan }: Site, watched: boolean): object {
  const context = build.context === "." ? "./" : `./${build.context}`;
  const php = service.runtime.name === "php" && build.stages.length > 0;
  if (!watched && !php) return { develop: { watch: [{ action: "rebuild", path: context }] } };
  const folder = insideContext(build.context, service.path);
  const packages = KEPT[service.runtime.name] ?? [];
  const root = sourceFolder(service);
  // pnpm puts packages into every member of a workspace.
  const members = service.internal.filter((path) => plan.tree.has(`${path}/package.json`));
  const folders = [folder, ...members.map((path) => insideContext(build.context, path))].filter((path) => path !== ".");
  const kept = [root, ...folders.map((path) => `${root}/${path}`)].flatMap((path) =>
    packages.map((name) => `${path}/${name}`),
  );
  return { volumes: [`${context}:${root}`, ...kept] };
}

/** Where the stage that builds has the sources. */
function sourceFolder({ runtime }: PlannedService): string {
  return SOURCES_IN_SRC.has(runtime.name) ? "/src" : "/app";
}

function workingFolder(service: PlannedService, { context }: ImageBuild): string {
  if (!SOURCES_IN_SRC.has(service.runtime.name)) return homeOf(service);
  const folder = insideContext(context, service.path);
  return folder === "." ? "/src" : `/src/${folder}`;
}

function openStore(
  { store, recipe, image }: { store: PlannedStore } & NonNullable<ReturnType<typeof storeRecipe>>,
  ports: ReadonlyMap<string, number>,
): object {
  const values = Object.entries(recipe.env).map(([name, value]) => [name, password(value, true)]);
  return {
    image,
    ...(recipe.command ? { command: recipe.command } : {}),
    ...(values.length > 0 ? { environment: Object.fromEntries(values) } : {}),
    ports: [`127.0.0.1:${ports.get(store.name)}:${recipe.port}`],
    volumes: [`${store.name}-dev:${recipe.data}`],
    healthcheck: { test: ["CMD", ...recipe.probe], interval: "5s", timeout: "5s", retries: 10 },
  };
}
