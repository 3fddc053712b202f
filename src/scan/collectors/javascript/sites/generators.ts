import { stringAt } from "../../../../formats/document.ts";
import { joinPath } from "../../../../formats/tree.ts";
import { flagOf, type Step } from "../commands/step.ts";
import { codeConfig } from "../literals/config.ts";
import {
  BUILD_SCRIPTS,
  configOf,
  type Framed,
  literal,
  plainFolder,
  type Site,
  type SiteReader,
  said,
  scriptSteps,
  type Told,
  usual,
} from "./site.ts";

function pages(framed: Framed, output: Told<string>): Site {
  return { kind: "static", render: usual(framed, "export"), output };
}

/** A generator whose output folder does not change. */
export const fixedSite: SiteReader = (framed) => pages(framed, usual(framed, framed.row.output ?? "dist"));

/** Docusaurus: `docusaurus build --out-dir`. */
export const docusaurusSite: SiteReader = (framed) => {
  const build = scriptSteps(framed.project, BUILD_SCRIPTS);
  const folder = build?.steps.map(({ argv }) => flagOf(argv, "--out-dir")).find((found) => found !== undefined);
  return pages(
    framed,
    build && folder ? said(build.at, plainFolder(folder)) : usual(framed, framed.row.output ?? "build"),
  );
};

/** VitePress and VuePress: pages lie in the folder that the commands name, `docs` as a rule. */
export const pressSite: SiteReader = (framed) => {
  const { project, row } = framed;
  const builds = [...BUILD_SCRIPTS, "docs:build", "build:docs"].flatMap((name) => scriptSteps(project, [name]) ?? []);
  const runs = ({ argv: [program] }: Step) => program === row.id;
  const build = builds.find(({ steps }) => steps.some(runs));
  const step = build?.steps.find(runs);
  const words = step?.argv.slice(2).filter((word) => !word.startsWith("-")) ?? [];
  const root = joinPath(".", words[0] ?? ".") ?? ".";
  const within = (folder: string) => joinPath(root, folder) ?? folder;
  const bases = ["config.ts", "config.js", "config.mts", "config.mjs"].map((base) =>
    project.view.path(within(`.${row.id}/${base}`)),
  );
  const config = codeConfig(
    project.view.snapshot,
    bases.find((path) => path !== undefined && project.view.snapshot.has(path)),
  );
  const own = literal(framed, config, "string", "output", row.id === "vitepress" ? "outDir" : "dest");
  if (own) return pages(framed, said(own.at, row.id === "vitepress" ? within(own.value) : plainFolder(own.value)));
  const folder = within(row.output ?? "dist");
  return pages(framed, build && step ? usual({ at: build.at }, folder, 0.9) : usual(framed, folder));
};

/** Eleventy: the flag goes before the configuration. */
export const eleventySite: SiteReader = (framed) => {
  const { project, row } = framed;
  const build = scriptSteps(project, BUILD_SCRIPTS);
  const flag = build?.steps.map(({ argv }) => flagOf(argv, "--output")).find((found) => found !== undefined);
  if (build && flag) return pages(framed, said(build.at, plainFolder(flag)));
  const found = configOf(framed);
  const own = literal(framed, found?.config, "string", "output", "dir", "output");
  if (own) return pages(framed, said(own.at, plainFolder(own.value)));
  const set = /\.setOutputDirectory\(\s*["'`]([^"'`$]+)["'`]\s*\)/.exec(found?.config.masked.code ?? "")?.[1];
  return pages(framed, set === undefined ? usual(framed, row.output ?? "_site") : usual(framed, plainFolder(set), 0.9));
};

/** Hexo: `public_dir`. */
export const hexoSite: SiteReader = (framed) => {
  const { project, row } = framed;
  const file = row.config && project.fileLike(row.config);
  const document = file === undefined ? undefined : project.view.snapshot.yaml(file);
  const own = stringAt(document?.value, ["public_dir"]);
  if (file === undefined || !document || own === undefined) return fixedSite(framed);
  return pages(framed, said(project.view.seenAt(file, document, ["public_dir"], "config"), plainFolder(own)));
};
