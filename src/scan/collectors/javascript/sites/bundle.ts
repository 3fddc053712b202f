import { joinPath } from "../../../../formats/tree.ts";
import { hitsIn } from "../../../search.ts";
import { flagOf } from "../commands/step.ts";
import { codeConfig } from "../literals/config.ts";
import type { Project } from "../project.ts";
import { BUILD_SCRIPTS, type Site, said, scriptSteps, usual } from "./site.ts";

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
const OUTPUT =
  /\bpath\s*:\s*(?:path\s*\.\s*)?(?:resolve|join)\s*\(\s*(?:__dirname|process\.cwd\(\))\s*,\s*((?:["'`][^"'`$]+["'`]\s*,?\s*)+)\)/g;
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
  const webpack = build?.steps.some(({ argv: [program] }) => program === "webpack" || program === "webpack-cli");
  if (!build || (!webpack && !has("react-dev-utils"))) return plainSite(project);
  if (has("html-webpack-plugin") === undefined && !PAGES.some(exists)) return undefined;
  if (!webpack) return { kind: "spa", output: usual({ at: at(["scripts"], "ejected") }, "build", 0.7) };
  const named = build.steps.map(({ argv }) => flagOf(argv, "-c", "--config")).filter((name) => name !== undefined);
  const path =
    named.map((name) => view.path(name)).find((one) => one !== undefined && view.snapshot.has(one)) ??
    project.fileLike(CONFIG);
  const config = codeConfig(view.snapshot, path);
  const [hit] = config ? hitsIn(config.masked.code, OUTPUT, config.file) : [];
  const parts = [...(hit?.match[1] ?? "").matchAll(/["'`]([^"'`]+)["'`]/g)].map(([, part]) => part ?? "");
  const inside = config?.file.slice(view.unit.path === "." ? 0 : view.unit.path.length + 1) ?? "";
  const base = inside.includes("/") ? inside.slice(0, inside.lastIndexOf("/")) : ".";
  const folder = joinPath(base, parts.join("/"));
  if (config && hit && folder !== undefined)
    return { kind: "spa", output: said(view.seen(config.file, hit.place, "config"), folder) };
  if (config?.setting("output", "path")) return { kind: "spa" };
  return { kind: "spa", output: usual({ at: build.at }, "dist", 0.7) };
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
