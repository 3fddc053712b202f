import { valueAt } from "../../../../formats/document.ts";
import { joinPath } from "../../../../formats/tree.ts";
import { flagOf } from "../commands/step.ts";
import type { CodeConfig } from "../literals/config.ts";
import type { Project } from "../project.ts";
import {
  BUILD_SCRIPTS,
  configOf,
  folderSetting,
  plainFolder,
  type Site,
  type SiteReader,
  said,
  scriptSteps,
  usual,
} from "./site.ts";

/** Settings and flags with which a bundler is told where its files go. */
const FOLDERS: Readonly<Record<string, { setting?: readonly string[]; flags?: readonly string[]; variable?: string }>> =
  {
    "create-react-app": { variable: "BUILD_PATH" },
    "vue-cli": { setting: ["outputDir"], flags: ["--dest"] },
    parcel: { flags: ["--dist-dir", "--out-dir", "-d"] },
    ember: { flags: ["--output-path", "-o"] },
    umi: { setting: ["outputPath"] },
    preact: { flags: ["--dest"] },
  };

/** A bundler with one output folder. */
export const bundledSite: SiteReader = (framed) => {
  const { project, row } = framed;
  const rule = FOLDERS[row.id] ?? {};
  const build = scriptSteps(project, BUILD_SCRIPTS);
  for (const { argv, env } of build?.steps ?? []) {
    const value = flagOf(argv, ...(rule.flags ?? [])) ?? env.find(([name]) => name === rule.variable)?.[1];
    if (build && value !== undefined) return page(said(build.at, plainFolder(value)));
  }
  const own = rule.setting ? folderSetting(framed, configOf(framed)?.config, ...rule.setting) : undefined;
  if (own === null) return { kind: "spa" };
  return page(own ? { ...own, value: plainFolder(own.value) } : usual(framed, row.output ?? "dist"));
};

/** Vite: `build.outDir` is relative to `root`. A library that it builds is no page. */
export const viteSite: SiteReader = (framed) => {
  const { project, row } = framed;
  const config = configOf(framed)?.config;
  if (config?.setting("build", "lib") || isExtension(project) || isImported(project, config))
    return { kind: "library" };
  const build = scriptSteps(project, BUILD_SCRIPTS);
  const steps = build?.steps.filter(({ argv: [program, verb] }) => program === "vite" && verb === "build") ?? [];
  if (steps.length > 0 && steps.every(({ argv }) => argv.includes("--ssr"))) return { kind: "ssr" };
  const flag = steps.map(({ argv }) => flagOf(argv, "--outDir")).find((found) => found !== undefined);
  const given = folderSetting(framed, config, "root");
  const root = plainFolder(given?.value ?? ".");
  const under = (folder: string) => joinPath(root, folder) ?? folder;
  const own = folderSetting(framed, config, "build", "outDir");
  if (own?.resolved) return page({ ...own, value: plainFolder(own.value) });
  // What is computed is somewhere else, as a rule.
  if (own === null || given === null) return { kind: "spa" };
  if (build && flag !== undefined) return page(said(build.at, under(flag)));
  return page(own ? { ...own, value: under(own.value) } : usual(framed, under(row.output ?? "dist")));
};

/** What others import has no page, and nothing in its configuration that makes one. */
function isImported({ view, manifest: { data } }: Project, config: CodeConfig | undefined): boolean {
  const named = ["main", "module", "exports"].some((key) => valueAt(data, [key]) !== undefined);
  if (!named || valueAt(data, ["private"]) === true || view.files.some((path) => /\.html?$/.test(path))) return false;
  return !config?.contains(/\binput\s*:|html|pages?\b|\bssr\b|laravel|ruby|symfony|vituum/i);
}

/** Extensions of browsers are pages that nobody serves. */
function isExtension({ view, has, exists }: Project): boolean {
  if (["@crxjs/vite-plugin", "wxt", "plasmo", "web-ext"].some((name) => has(name) !== undefined)) return true;
  const file = ["manifest.json", "public/manifest.json", "src/manifest.json"].find(exists);
  const path = file === undefined ? undefined : view.path(file);
  return path !== undefined && valueAt(view.snapshot.json(path).value, ["manifest_version"]) !== undefined;
}

function page(output: NonNullable<Site["output"]>): Site {
  return { kind: "spa", output };
}
