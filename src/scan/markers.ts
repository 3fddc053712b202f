import { baseOf, folderOf, joinPath } from "../formats/tree.ts";
import { nxProjects } from "./collectors/javascript/nx/projects.ts";
import type { Snapshot } from "./snapshot.ts";

/** Manifests of package managers, build tools and site generators: their folder is a unit. */
const MANIFESTS = new Set(
  (
    "package.json package.json5 package.yaml deno.json deno.jsonc bun.lock bun.lockb pyproject.toml requirements.txt Pipfile " +
    "setup.py setup.cfg manage.py environment.yml go.mod Cargo.toml pom.xml build.gradle build.gradle.kts build.xml .classpath Gemfile " +
    "config.ru composer.json mix.exs rebar.config gleam.toml build.sbt build.sc build.mill deps.edn project.clj shadow-cljs.edn pubspec.yaml " +
    "Package.swift stack.yaml package.yaml build.zig Ballerina.toml meson.build shard.yml dune-project cpanfile app.psgi v.mod dub.json dub.sdl " +
    "hugo.toml hugo.yaml hugo.yml hugo.json zola.toml mkdocs.yml mkdocs.yaml book.toml Trunk.toml"
  ).split(" "),
);
const MANIFEST_ENDINGS = [".csproj", ".fsproj", ".vbproj", ".cabal", ".nimble"];

/** Roots of workspaces: what they list are units, what else lies below them is none of theirs. */
const WORKSPACES = new Set(["go.work", "settings.gradle", "settings.gradle.kts"]);
const WORKSPACE_ENDINGS = [".sln", ".slnx"];

/** Files of platforms: alone inside another unit they are a part of it. */
const DEPLOYMENTS = new Set(
  (
    "Dockerfile Containerfile Procfile fly.toml railway.json railway.toml vercel.json netlify.toml serverless.yml render.yaml " +
    "nixpacks.toml railpack.json apprunner.yaml wrangler.toml wrangler.jsonc firebase.json amplify.yml app.yaml app.json"
  ).split(" "),
);

/** Files that many folders have which are no units. */
const WEAK = new Set("Makefile configure.ac index.html index.php CMakeLists.txt _config.yml".split(" "));

/** Names that only their words make a manifest. */
const BY_WORDS: Record<string, RegExp> = Object.fromEntries([
  ...["config.toml", "config.yaml", "config.yml", "config.json"].map((name) => [
    name,
    /^[^\S\n]*"?base_?url"?\s*[=:]/im,
  ]),
  ["Project.toml", /^uuid\s*=|^\[deps\]/m],
]);

/** Programs without any manifest, where nothing else marks the folder. */
const LOOSE =
  /^(?:(?:server|index|app|main|worker|bot)\.(?:js|mjs|cjs|ts|mts|py|rb|php|go|rs|sh|c|cc|cpp|cbl|clj|cr|d|dart|exs|f90|groovy|hs|jl|lua|ml|nim|odin|pas|pl|r|rkt|scala|scm|swift|tcl|v|zig)|(?:Main|App|Server|Application)\.(?:java|kt)|(?:start|run|entrypoint)\.sh|(?:app|server|plumber)\.R|(?:wsgi|asgi|application|run|streamlit_app)\.py)$/;

export type Strength = "manifest" | "workspace" | "deployment" | "weak";

/** What a file makes of its folder; undefined for most files. */
export function strengthOf(snapshot: Snapshot, path: string): Strength | undefined {
  const base = baseOf(path);
  const ends = (endings: readonly string[]) => endings.some((ending) => base.endsWith(ending));
  if (MANIFESTS.has(base) || ends(MANIFEST_ENDINGS)) return "manifest";
  if (WORKSPACES.has(base) || ends(WORKSPACE_ENDINGS)) return "workspace";
  if (DEPLOYMENTS.has(base)) return "deployment";
  if (WEAK.has(base)) return "weak";
  if (base === "project.json" && nxProjects(snapshot).has(folderOf(path))) return "manifest";
  const words = Object.hasOwn(BY_WORDS, base) ? BY_WORDS[base] : undefined;
  return words && isSite(snapshot, path) && words.test(snapshot.text(path) ?? "") ? "manifest" : undefined;
}

/** Names of the manifests directly in a folder. */
export function manifestsIn(snapshot: Snapshot, folder: string): string[] {
  return snapshot
    .inFolder(folder)
    .filter((path) => strengthOf(snapshot, path) === "manifest")
    .map(baseOf);
}

/** Names of files in a folder that are programs by their name alone. */
export function looseIn(snapshot: Snapshot, folder: string): string[] {
  return snapshot
    .inFolder(folder)
    .map(baseOf)
    .filter((base) => LOOSE.test(base));
}

/** Only a site's configuration has its contents beside it; other `config.toml` are many. */
function isSite(snapshot: Snapshot, path: string): boolean {
  if (baseOf(path) === "Project.toml") return true;
  const root = folderOf(path).replace(/(?:^|\/)config\/_default$/, "") || ".";
  const below = ["content", "layouts", "themes", "templates", "archetypes"].map((name) => joinPath(root, name));
  return below.some((folder) => folder !== undefined && snapshot.folders.includes(folder));
}
