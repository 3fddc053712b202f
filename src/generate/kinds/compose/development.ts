import { homeOf, insideContext } from "../../image-folders.ts";
import { imageOf, lineOf } from "../../pins.ts";
import type { Plan, PlannedService, PlannedStore } from "../../plan.ts";
import { storeRecipe } from "../../store-images.ts";
import { probeCommand } from "../dockerfile/probe.ts";
import { type ImageBuild, imageBuild } from "../dockerfile/stages.ts";
import { migrationRunning, processRunning, serverRunning } from "./development-program.ts";
import { hostPorts } from "./host-ports.ts";
import { assetWatchers } from "./procfile-dev.ts";
import { containerWords, literal } from "./production.ts";
import { type Running, shellWords } from "./running.ts";
import { sourceFolder, sources } from "./sources.ts";
import { argumentsOf, listeningVariables, MACHINE, password, type Values, variablesOf } from "./variables.ts";

/** The stage that builds is set for production. */
const MODE: Record<string, Values> = {
  rails: { RAILS_ENV: "development" },
  laravel: { APP_ENV: "local", APP_DEBUG: "true" },
  symfony: { APP_ENV: "dev", APP_DEBUG: "1" },
};
const BY_RUNTIME: Record<string, Values> = {
  python: { PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" },
  ruby: { BUNDLE_WITHOUT: "", RACK_ENV: "development" },
};
/** What the bundler of a framework leaves among the sources. */
const ASSETS = "public/build";

/** compose.dev.yaml as data: sources follow the editor, stores are reached from the machine. */
export function developmentFile(plan: Plan): object {
  const running = plan.stores.flatMap((store) => {
    const found = storeRecipe(store, plan.pins);
    return found ? [{ store, ...found, name: store.name, port: found.recipe.port }] : [];
  });
  const ports = hostPorts(plan, running);
  const services = plan.services.flatMap((service) => {
    const build = imageBuild(service, plan);
    return build ? containers(service, { plan, build, ports }) : [];
  });
  const stores = running.map((found) => [found.name, openStore(found, ports)] as const);
  const volumes = [
    ...stores.map(([name]) => `${name}-dev`),
    ...services.flatMap(([name]) => (name.endsWith(VENDOR) ? [name] : [])),
  ];
  return {
    name: `${plan.project}-dev`,
    services: Object.fromEntries([...services, ...stores]),
    ...(volumes.length > 0 ? { volumes: Object.fromEntries(volumes.map((name) => [name, {}])) } : {}),
  };
}

interface Site {
  plan: Plan;
  build: ImageBuild;
  ports: ReadonlyMap<string, number>;
}

/** A service, its further programs, and its migrations for those who ask for them. */
function containers(service: PlannedService, site: Site): (readonly [string, object])[] {
  const { name, processes, migrations, role } = service;
  const { plan } = site;
  return [
    [name, program(service, { ...site, running: serverRunning(service, site), served: true, profile: onceOf(role) })],
    ...processes.map(
      (process) =>
        [
          `${name}-${process.name}`,
          program(service, { ...site, running: processRunning(process, service, site) }),
        ] as const,
    ),
    ...(migrations
      ? [
          [
            `${name}-migrate`,
            program(service, {
              ...site,
              running: migrationRunning(migrations.command, service, site),
              profile: "release",
            }),
          ] as const,
        ]
      : []),
    ...(site.build.stages.includes("build") ? assetWatchers(service, plan) : []).map(
      ({ name: part, running, keepsPackages }) => {
        const own = program(service, { ...site, running });
        return [`${name}-${part}`, { ...own, ...watching(service, own, keepsPackages) }] as const;
      },
    ),
    ...vendor(service, site),
  ];
}

/** Some end with their input, so it stays open. */
function watching(service: PlannedService, { volumes = [] }: { volumes?: string[] }, keepsPackages: boolean): object {
  const packages = keepsPackages ? [`${homeOf(service)}/node_modules`] : [];
  return { tty: true, depends_on: undefined, volumes: [...volumes, ...packages] };
}

/** What runs once is started when it is due. */
function onceOf(role: PlannedService["role"]): string | undefined {
  return role === "job" || role === "cron" ? role : undefined;
}

interface Program extends Site {
  running: Running;
  /** Whether requests reach it. */
  served?: boolean;
  profile?: string | undefined;
}

function program(service: PlannedService, { running, served = false, profile, ...site }: Program): object {
  const { plan, build, ports } = site;
  const { port, name } = service;
  const staged = running.takes !== "rebuild" && build.stages.includes("build");
  const args = argumentsOf(service, plan, true);
  const environment = environmentOf(service, { plan, staged, served });
  const { command, takes } = running;
  const words =
    takes === "rebuild" ? command && containerWords(command) : shellWords(running)?.map((word) => literal(word));
  const probe = served ? probeCommand(service, { development: staged }) : undefined;
  const { volumes = [], develop } = sources({ service, plan, build, running });
  const mounts = [...volumes, ...keptInPhp(service, build)];
  return {
    build: {
      context: build.context === "." ? "." : `./${build.context}`,
      dockerfile: build.dockerfile,
      ...(staged ? { target: "build" } : {}),
      ...(Object.keys(args).length > 0 ? { args } : {}),
    },
    ...(words ? { command: words } : {}),
    ...(staged ? { working_dir: workingFolder(service, build) } : {}),
    // Files that it writes belong to the one who works on them.
    ...(isPhp(service, build) ? { user: "${UID:-1000}:${GID:-1000}" } : {}),
    ...(profile ? { profiles: [profile] } : {}),
    init: true,
    ...(Object.keys(environment).length > 0 ? { environment } : {}),
    ...(Object.values(environment).some((value) => value?.includes(MACHINE))
      ? { extra_hosts: [`${MACHINE}:host-gateway`] }
      : {}),
    ...dependsOn(service, site),
    ...(served && port !== null ? { ports: [`127.0.0.1:${ports.get(name)}:${port}`] } : {}),
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
    ...(!served && !staged ? { healthcheck: { disable: true } } : {}),
    // A server that was killed leaves its number there, and another would not start.
    ...(service.framework === "rails" && mounts.length > 0 ? { tmpfs: [`${homeOf(service)}/tmp`] } : {}),
    ...(mounts.length > 0 ? { volumes: mounts } : {}),
    ...(develop && (profile !== "release" || mounts.length === 0) ? { develop } : {}),
  };
}

function environmentOf(
  service: PlannedService,
  { plan, staged, served }: { plan: Plan; staged: boolean; served: boolean },
): Values {
  const php = service.runtime.name === "php";
  const values = {
    // What is compiled into pages is read by the server of their tools.
    ...(staged ? argumentsOf(service, plan, true) : {}),
    ...(served ? listeningVariables(service, plan, true) : variablesOf(service, plan, true)),
    ...(staged ? BY_RUNTIME[service.runtime.name] : {}),
    ...(staged || php ? MODE[service.framework ?? ""] : {}),
  };
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function dependsOn(service: PlannedService, { plan, build }: Site): object {
  const stores = plan.stores.filter((store) => service.stores.includes(store.name) && storeRecipe(store, plan.pins));
  const waits = [
    ...stores.map((store) => [store.name, { condition: "service_healthy" }] as const),
    ...vendor(service, { plan, build }).map(
      ([name]) => [name, { condition: "service_completed_successfully" }] as const,
    ),
  ];
  return waits.length > 0 ? { depends_on: Object.fromEntries(waits) } : {};
}

function workingFolder(service: PlannedService, { context }: ImageBuild): string {
  if (sourceFolder(service) === "/app") return homeOf(service);
  const folder = insideContext(context, service.path);
  return folder === "." ? "/src" : `/src/${folder}`;
}

const VENDOR = "-vendor";

function isPhp({ runtime }: PlannedService, { stages }: ImageBuild): boolean {
  return runtime.name === "php" && stages.length > 0;
}

/** Libraries of PHP with those of developers, installed before it starts: the image has neither those nor the installer. */
function vendor(service: PlannedService, { plan, build }: Pick<Site, "plan" | "build">): [string, object][] {
  const line = build.stages.includes("vendor") ? lineOf(plan.pins, "composer", null) : undefined;
  const image = line && imageOf(plan.pins, "composer", line.line);
  if (!image || !isPhp(service, build)) return [];
  const context = build.context === "." ? "./" : `./${build.context}`;
  const name = `${service.name}${VENDOR}`;
  return [
    [
      name,
      {
        image,
        command: "composer install --no-interaction --no-scripts --ignore-platform-reqs",
        working_dir: "/app",
        volumes: [`${context}:/app`, `${name}:/app/vendor`],
      },
    ],
  ];
}

/** Libraries are those of the volume; scripts and styles are those that the image made. */
function keptInPhp(service: PlannedService, build: ImageBuild): string[] {
  if (!isPhp(service, build)) return [];
  return [
    ...(build.stages.includes("vendor") ? [`${service.name}${VENDOR}:/app/vendor`] : []),
    ...(build.stages.includes("assets") ? [`/app/${ASSETS}`] : []),
  ];
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
