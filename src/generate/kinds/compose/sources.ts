import { insideContext } from "../../image-folders.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import type { ImageBuild } from "../dockerfile/stages.ts";
import { isBuilt, watcherOf } from "./development-node.ts";
import type { Running } from "./running.ts";

interface Site {
  service: PlannedService;
  plan: Plan;
  build: ImageBuild;
  running: Running;
}

interface Rule {
  action: "sync" | "sync+restart" | "restart" | "rebuild";
  path: string;
  target?: string;
  ignore?: string[];
}

/** Stages that build keep the sources of a compiled program apart from where it runs. */
const SOURCES_IN_SRC: ReadonlySet<string> = new Set(["go", "rust", "java", "dotnet", "elixir"]);
/** Packages and what is built lie among the sources: files are copied between them, for a mount would hide them. */
const COPIED: Record<string, readonly string[]> = {
  node: ["node_modules/"],
  bun: ["node_modules/"],
  deno: ["node_modules/"],
  dotnet: ["bin/", "obj/"],
};
/** What names packages: a change needs another image. */
const MANIFESTS: Record<string, RegExp> = {
  node: /^package\.json$/,
  bun: /^package\.json$/,
  python: /^(?:pyproject\.toml|Pipfile)$/,
  ruby: /^Gemfile$/,
  go: /^go\.mod$/,
  dotnet: /\.(?:cs|fs|vb)proj$/,
};

/** Where the stage that builds has the sources. */
export function sourceFolder({ runtime }: PlannedService): string {
  return SOURCES_IN_SRC.has(runtime.name) ? "/src" : "/app";
}

/** How a change reaches a container: by a mount where packages lie elsewhere, copied where they lie among the sources, with the image otherwise. */
export function sources(site: Site): { volumes?: string[]; develop?: { watch: Rule[] } } {
  const { service, plan, build, running } = site;
  const context = there(build.context);
  if (running.takes === "rebuild") return { develop: { watch: [{ action: "rebuild", path: context }] } };
  const manifests = manifestsOf(service, plan).map((path): Rule => ({ action: "rebuild", path: there(path) }));
  if (copies(service, build)) return { develop: { watch: [...copied(site), ...manifests] } };
  const again: Rule[] = running.takes === "restart" ? [{ action: "restart", path: context }] : [];
  const watch = service.runtime.name === "php" ? again : [...again, ...manifests];
  return {
    volumes: [`${context}:${sourceFolder(service)}`],
    ...(watch.length > 0 ? { develop: { watch } } : {}),
  };
}

/** Whether files are copied into the container instead of mounted. */
function copies({ runtime }: PlannedService, { stages }: ImageBuild): boolean {
  // Scripts and styles that the image made lie among the sources too.
  return runtime.name in COPIED || (runtime.name === "python" && stages.includes("assets"));
}

function copied({ service, plan, build, running }: Site): Rule[] {
  const target = sourceFolder(service);
  const action = running.takes === "restart" ? "sync+restart" : "sync";
  const ignored = COPIED[service.runtime.name] ?? [];
  const ignore = ignored.length > 0 ? { ignore: [...ignored] } : {};
  const at = (folder: string) => {
    const inside = insideContext(build.context, folder);
    return inside === "." ? target : `${target}/${inside}`;
  };
  // Projects of .NET name each other by their place.
  if (service.runtime.name === "dotnet") return [{ action, path: there(build.context), target, ...ignore }];
  const members = service.internal.filter((folder) => plan.tree.has(`${folder}/package.json`));
  return [
    { action, path: there(service.path), target: at(service.path), ...ignore },
    ...members.map((folder): Rule => {
      // What nothing in the container builds again is built with the image.
      const isStale = isBuilt(folder, plan.tree) && watcherOf(folder, plan.tree) === undefined;
      return isStale
        ? { action: "rebuild", path: there(folder) }
        : { action, path: there(folder), target: at(folder), ...ignore };
    }),
  ];
}

function manifestsOf({ runtime, path, lockfile }: PlannedService, { tree }: Plan): string[] {
  const name = MANIFESTS[runtime.name];
  const prefix = path === "." ? "" : `${path}/`;
  const own = tree.paths.filter(
    (file) =>
      file.startsWith(prefix) && name?.test(file.slice(prefix.length)) && !file.slice(prefix.length).includes("/"),
  );
  return [...own, ...(lockfile === null || own.includes(lockfile) ? [] : [lockfile])];
}

function there(path: string): string {
  return path === "." ? "./" : `./${path}`;
}
