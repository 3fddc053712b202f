import { folderOf, joinPath } from "../../../../formats/tree.ts";
import { flagOf } from "../commands/step.ts";
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
  rsbuild: "dist",
  rspack: "dist",
  farm: "dist",
  snowpack: "build",
  brunch: "public",
  wmr: "dist",
  slidev: "dist",
};
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
  const webpack = build?.steps.some(({ argv: [program] }) => program === "webpack" || program === "webpack-cli");
  if (!build || (!webpack && !has("react-dev-utils"))) return plainSite(project);
  if (has("html-webpack-plugin") === undefined && !PAGES.some(exists)) return undefined;
  if (!webpack) return { kind: "spa", output: usual({ at: at(["scripts"], "ejected") }, "build", 0.7) };
  const named = build.steps.map(({ argv }) => flagOf(argv, "-c", "--config")).filter((name) => name !== undefined);
  const path =
    named.map((name) => view.path(name)).find((one) => one !== undefined && view.snapshot.has(one)) ??
    project.fileLike(CONFIG);
  const config = codeConfig(view.snapshot, path);
  const own = folderSetting({ project }, config, "output", "path");
  if (own === null) return { kind: "spa" };
  const base =
    config && own?.resolved ? folderOf(config.file.slice(view.unit.path === "." ? 0 : view.unit.path.length + 1)) : ".";
  const folder = own && joinPath(base, own.value);
  return {
    kind: "spa",
    output: own && folder !== undefined ? { ...own, value: folder } : usual({ at: build.at }, "dist", 0.7),
  };
}

/** Pages that are published as they lie there; what a script builds of them is elsewhere, as a rule. */
function plainSite({ view, exists, manifest, at }: Project): Site | undefined {
  const folder = [".", "public", "dist", "docs", "www"].find((one) => exists(`${one}/index.html`));
  if (folder === undefined || [...manifest.dependencies.values()].some(({ group }) => group === "prod"))
    return undefined;
  const built = BUILD_SCRIPTS.some((name) => manifest.scripts.has(name));
  if (built && folder !== "public") return undefined;
  const page = view.path(`${folder}/index.html`);
  return {
    kind: "static",
    output: usual({ at: page === undefined ? at([], "page") : view.seen(page, 1, "page") }, folder, 0.6),
  };
}
