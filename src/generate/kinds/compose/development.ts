import type { Plan, PlannedService, PlannedStore } from "../../plan.ts";
import { storeRecipe } from "../../store-images.ts";
import { contextOf } from "../dockerfile/context.ts";
import { developmentCommand } from "./development-command.ts";
import { variablesOf } from "./variables.ts";

/** compose.dev.yaml as data: sources are mounted, stores are reached from the machine. */
export function developmentFile(plan: Plan): object {
  const services = plan.services.map((service) => [service.name, developed(service, plan)] as const);
  const stores = plan.stores.flatMap((store) => openStore(store, plan));
  return {
    name: `${plan.project}-dev`,
    services: Object.fromEntries([...services, ...stores]),
    ...(stores.length > 0 ? { volumes: Object.fromEntries(stores.map(([name]) => [`${name}-dev`, {}])) } : {}),
  };
}

function developed(service: PlannedService, plan: Plan): object {
  const context = contextOf(service);
  const dockerfile = context === "." ? service.dockerfile.path : service.dockerfile.path.slice(context.length + 1);
  const command = developmentCommand(service, plan.tree);
  const folder = service.path === context ? "" : `/${service.path.slice(context === "." ? 0 : context.length + 1)}`;
  const running = plan.stores.filter((store) => service.stores.includes(store.name) && storeRecipe(store, plan.pins));
  return {
    build: { context: context === "." ? "." : `./${context}`, dockerfile, ...(command ? { target: "build" } : {}) },
    ...(command
      ? { command: ["sh", "-c", command.replaceAll("$", "$$$$")], working_dir: `${sourceFolder(service)}${folder}` }
      : {}),
    environment: variablesOf(service, plan),
    ...(running.length > 0
      ? { depends_on: Object.fromEntries(running.map(({ name }) => [name, { condition: "service_healthy" }])) }
      : {}),
    ...(service.port === null ? {} : { ports: [`127.0.0.1:${service.port}:${service.port}`] }),
    ...(command ? { volumes: [`./${context === "." ? "" : context}:${sourceFolder(service)}`, ...kept(service)] } : {}),
  };
}

/** Where the stage that builds has the sources. */
function sourceFolder({ runtime }: PlannedService): string {
  return ["go", "rust", "java", "dotnet", "elixir"].includes(runtime.name) ? "/src" : "/app";
}

/** Folders of installed packages stay those of the image: the machine's may be of another system. */
function kept(service: PlannedService): string[] {
  const folders: Record<string, readonly string[]> = {
    node: ["/app/node_modules"],
    elixir: ["/src/deps", "/src/_build"],
    rust: ["/src/target"],
  };
  return [...(folders[service.runtime.name] ?? [])];
}

function openStore(store: PlannedStore, plan: Plan): [string, object][] {
  const found = storeRecipe(store, plan.pins);
  if (!found) return [];
  const { recipe, image } = found;
  const values = Object.entries(recipe.env).map(([name, value]) => [
    name,
    value.replace(/\$\{STORE_PASSWORD:\?[^}]*\}/, "${STORE_PASSWORD:-app}"),
  ]);
  return [
    [
      store.name,
      {
        image,
        ...(recipe.command ? { command: recipe.command } : {}),
        environment: Object.fromEntries(values),
        ports: [`127.0.0.1:${recipe.port}:${recipe.port}`],
        volumes: [`${store.name}-dev:${recipe.data}`],
        healthcheck: { test: ["CMD", ...recipe.probe], interval: "5s", timeout: "5s", retries: 10 },
      },
    ],
  ];
}
