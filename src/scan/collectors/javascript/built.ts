import { stringAt } from "../../../formats/document.ts";
import { baseOf, folderOf, joinPath } from "../../../formats/tree.ts";
import { expandLine } from "./commands/expand.ts";
import { flagOf, type Step } from "./commands/step.ts";
import { codeConfig } from "./literals/config.ts";
import type { Project } from "./project.ts";
import { compiledPath } from "./tsconfig.ts";

const BUILDS = [
  "build",
  "build:prod",
  "build:production",
  "build:server",
  "build:ts",
  "compile",
  "tsc",
  "heroku-postbuild",
  "gcp-build",
  "prestart",
  "postinstall",
  "prepare",
  "bundle",
];
const CODE = /\.([cm]?)[jt]sx?$/;

type Maker = (project: Project, step: Step, source: string) => string | undefined;

const MAKERS: Readonly<Record<string, Maker>> = {
  tsc({ view }, { argv }, source) {
    const given = flagOf(argv, "-p", "--project", "-b", "--build");
    const named = given === undefined || given.startsWith("-") ? "tsconfig.json" : given;
    const path = view.path(named) ?? "";
    const config = view.snapshot.has(path) ? path : `${path}/tsconfig.json`.replace(/^\.\//, "");
    const out = flagOf(argv, "--outDir");
    const made = compiledPath(view.snapshot, config, source);
    if (out === undefined || made === undefined) return made;
    return joinPath(view.unit.path, `${out}/${baseOf(made)}`);
  },
  tsup: (project, { argv }, source) => {
    const { view, manifest } = project;
    const config = codeConfig(view.snapshot, project.fileLike(/^tsup\.config\.[cm]?[jt]s$/));
    const format = config?.setting("format");
    const out = config?.setting("outDir");
    const folder = out && "value" in out ? String(out.value) : undefined;
    const module = stringAt(manifest.data, ["type"]) === "module";
    const formats =
      flagOf(argv, "--format") ??
      (format && ("value" in format ? String(format.value) : format.computed)) ??
      (module ? "esm" : "cjs");
    const ending = /cjs/.test(formats) ? (module ? ".cjs" : ".js") : module ? ".js" : ".mjs";
    return joinPath(
      view.unit.path,
      `${flagOf(argv, "-d", "--out-dir") ?? folder ?? "dist"}/${plainName(source)}${ending}`,
    );
  },
  tsdown: ({ view }, { argv }, source) =>
    joinPath(view.unit.path, `${flagOf(argv, "-d", "--out-dir") ?? "dist"}/${plainName(source)}.mjs`),
  esbuild: ({ view }, { argv }, source) => {
    const file = flagOf(argv, "--outfile");
    const folder = flagOf(argv, "--outdir");
    if (file !== undefined) return joinPath(view.unit.path, file);
    return folder === undefined
      ? undefined
      : joinPath(view.unit.path, `${folder}/${plainName(source)}${flagOf(argv, "--out-extension:.js") ?? ".js"}`);
  },
  ncc: ({ view }, { argv }) => joinPath(view.unit.path, `${flagOf(argv, "-o", "--out") ?? "dist"}/index.js`),
  babel: copied,
  "babel-cli": copied,
  bun: ({ view }, { argv }, source) => {
    const file = flagOf(argv, "--outfile");
    const folder = flagOf(argv, "--outdir");
    if (argv[1] !== "build" || argv.includes("--compile")) return undefined;
    return file
      ? joinPath(view.unit.path, file)
      : folder
        ? joinPath(view.unit.path, `${folder}/${plainName(source)}.js`)
        : undefined;
  },
};

/** The built file of a source, relative to the package; undefined where no script builds it. */
export function builtPath(project: Project, source: string): string | undefined {
  const { view, manifest } = project;
  for (const name of BUILDS) {
    const line = manifest.scripts.get(name);
    if (line === undefined) continue;
    for (const step of expandLine(view.snapshot, line, view.unit.path)) {
      const maker = Object.hasOwn(MAKERS, step.argv[0] ?? "") ? MAKERS[step.argv[0] ?? ""] : undefined;
      const made = maker?.(project, step, source);
      if (made !== undefined && made !== source) return inside(project, made);
    }
  }
  return undefined;
}

/** A path from the root as one relative to the package. */
export function inside({ view: { unit } }: Project, path: string): string {
  return unit.path === "." ? path : path.slice(unit.path.length + 1);
}

/** `babel src -d dist`: files keep their place below the folder that is named. */
function copied({ view }: Project, { argv }: Step, source: string): string | undefined {
  const out = flagOf(argv, "-d", "--out-dir");
  const from = argv
    .slice(1)
    .find((word, index) => !word.startsWith("-") && !/^(?:-d|--out-dir)$/.test(argv[index] ?? ""));
  const base = from === undefined ? undefined : joinPath(view.unit.path, from);
  if (out === undefined || base === undefined || (folderOf(source) !== base && !source.startsWith(`${base}/`)))
    return undefined;
  return joinPath(view.unit.path, `${out}/${source.slice(base.length + 1).replace(CODE, ".$1js")}`);
}

function plainName(source: string): string {
  return baseOf(source).replace(CODE, "");
}

/** The step with which a script compiles sources. */
export function compileStep({ view, manifest }: Project, script: string): Step | undefined {
  const steps = expandLine(view.snapshot, manifest.scripts.get(script) ?? "", view.unit.path);
  return steps.find(
    ({ argv: [program = "", word] }) =>
      // `bun` runs programs too.
      (Object.hasOwn(MAKERS, program) && (program !== "bun" || word === "build")) ||
      /^(?:webpack|rollup|vite|next|nuxt|swc)$/.test(program),
  );
}
