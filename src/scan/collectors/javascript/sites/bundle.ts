import { folderOf, joinPath } from "../../../../formats/tree.ts";
import { expandLine } from "../commands/expand.ts";
import { launchOf } from "../commands/launch.ts";
import { flagOf } from "../commands/step.ts";
import { anyServes } from "../entry.ts";
import { isDeployed } from "../kind.ts";
import { codeConfig } from "../literals/config.ts";
import type { Project } from "../project.ts";
import { BUILD_SCRIPTS, folderSetting, type Site, scriptSteps, usual } from "./site.ts";

/** Packages whose code runs in browsers. */
const CLIENT = new Set(
  "react react-dom vue svelte preact solid-js lit alpinejs jquery three phaser pixi.js @angular/core mithril backbone knockout riot inferno htmx.org d3 @hotwired/turbo".split(
    " ",
  ),
);
/** Programs for desks and phones: what they start is no service. */
const DEVICES = new Set(
  "electron nw @tauri-apps/cli react-native expo nativescript @capacitor/cli @ionic/cli".split(" "),
);
const CONFIG =
  /^webpack(?:\.(?:prod|production|common))?(?:\.config)?\.[cm]?[jt]s$|^webpack\.config\.(?:prod|production)\.[cm]?[jt]s$/;
/** Bundlers that are no framework, and where they put pages. */
const BUNDLERS: Readonly<Record<string, string | undefined>> = {
  rspack: "dist",
  farm: "dist",
  wmr: "dist",
  slidev: "dist",
};
/** `build/build.js`, `scripts/build.js`. */
const BUILDS = /^(?:\.\/)?(?:build|scripts|config|tools)\/[\w-]*build[\w-]*(?:\.[cm]?js)?$/;
const PAGES = [
  "index.html",
  "public/index.html",
  "src/index.html",
  "src/index.ejs",
  "app/index.html",
  "static/index.html",
];

/** Whether the code of the package is for browsers, or for a program on people's machines. */
export function isClient({ manifest }: Project): "browser" | "device" | undefined {
  const names = [...manifest.dependencies.keys()];
  if (names.some((name) => DEVICES.has(name))) return "device";
  return names.some((name) => CLIENT.has(name)) ? "browser" : undefined;
}

/** Pages that a bundler builds without a framework around it: webpack with a page. */
export function bundleSite(project: Project): Site | undefined {
  const { view, has, exists, at } = project;
  const build = scriptSteps(project, BUILD_SCRIPTS);
  const other = build?.steps
    .map(({ argv: [program = ""] }) => BUNDLERS[program])
    .find((folder) => folder !== undefined);
  if (build && other !== undefined) return { kind: "spa", output: usual({ at: build.at }, other, 0.7) };
  if (isClient(project) === "device") return undefined;
  const webpack = build?.steps.some(({ argv: [program] }) => program === "webpack" || program === "webpack-cli");
  // Ejected applications and templates of old call webpack from a script of their own.
  const own =
    has("webpack") !== undefined && build?.steps.some(({ argv }) => argv[0] === "node" && BUILDS.test(argv[1] ?? ""));
  if (!build || !(webpack || own)) return plainSite(project);
  if (has("html-webpack-plugin") === undefined && !PAGES.some(exists)) return undefined;
  if (!webpack) {
    const folder = has("react-dev-utils") ? "build" : "dist";
    return { kind: "spa", output: usual({ at: build.at ?? at(["scripts"], "own-build") }, folder, 0.7) };
  }
  const named = build.steps.map(({ argv }) => flagOf(argv, "-c", "--config")).filter((name) => name !== undefined);
  const file =
    named.map((name) => view.path(name)).find((one) => one !== undefined && view.snapshot.has(one)) ??
    project.fileLike(CONFIG);
  const config = codeConfig(view.snapshot, file);
  const path = folderSetting({ project }, config, "output", "path");
  if (path === null) return { kind: "spa" };
  const base =
    config && path?.resolved
      ? folderOf(config.file.slice(view.unit.path === "." ? 0 : view.unit.path.length + 1))
      : ".";
  const folder = path && joinPath(base, path.value);
  return {
    kind: "spa",
    output: path && folder !== undefined ? { ...path, value: folder } : usual({ at: build.at }, "dist", 0.7),
  };
}

/** Pages that are published as they lie there; what a script builds of them is elsewhere, as a rule. */
function plainSite(project: Project): Site | undefined {
  const { view, exists, manifest, at } = project;
  const folder = [".", "public", "dist", "docs", "www"].find((one) => exists(`${one}/index.html`));
  if (folder === undefined) return undefined;
  // Packages of pages beside a watcher make no program; what a build writes is elsewhere, unless it writes in place.
  const needs = [...manifest.dependencies.values()].some(({ group }) => group === "prod");
  const built = BUILD_SCRIPTS.some((name) => manifest.scripts.has(name));
  const watched =
    (developedOnly(project) && (!built || folder === ".")) ||
    (!built && isDeployed(project) && !startsOrServes(project));
  if ((needs || (built && folder !== "public")) && !watched) return undefined;
  const page = view.path(`${folder}/index.html`);
  return {
    kind: "static",
    output: usual(
      { at: page === undefined ? at([], "page") : view.seen(page, 1, "page") },
      folder,
      needs || built ? 0.5 : 0.6,
    ),
  };
}

/** Whether the page is all that its scripts start: a server that reloads it, a watcher of its styles. */
function developedOnly({ view, manifest }: Project): boolean {
  const line = manifest.scripts.get("start") ?? manifest.scripts.get("dev") ?? manifest.scripts.get("watch");
  if (line === undefined) return false;
  return launchOf(view.snapshot, expandLine(view.snapshot, line, view.unit.path))?.role === "development";
}

/** Whether anything of the package is a program. */
function startsOrServes(project: Project): boolean {
  return ["start", "dev", "serve"].some((name) => project.manifest.scripts.has(name)) || anyServes(project);
}
