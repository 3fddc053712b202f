import { joinPath } from "../../../../formats/tree.ts";
import { flagOf } from "../commands/step.ts";
import {
  BUILD_SCRIPTS,
  configOf,
  type Framed,
  literal,
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
    if (build && value !== undefined) return page(framed, said(build.at, joinPath(".", value) ?? value));
  }
  const own = rule.setting ? literal(framed, configOf(framed)?.config, "string", "output", ...rule.setting) : undefined;
  return page(framed, own ? said(own.at, joinPath(".", own.value) ?? own.value) : usual(framed, row.output ?? "dist"));
};

/** Vite: `build.outDir` is relative to `root`. A library that it builds is no page. */
export const viteSite: SiteReader = (framed) => {
  const { project, row } = framed;
  const config = configOf(framed)?.config;
  if (config?.setting("build", "lib")) return { kind: "library" };
  const build = scriptSteps(project, BUILD_SCRIPTS);
  const steps = build?.steps.filter(({ argv: [program, verb] }) => program === "vite" && verb === "build") ?? [];
  if (steps.length > 0 && steps.every(({ argv }) => argv.includes("--ssr"))) return { kind: "ssr" };
  const flag = steps.map(({ argv }) => flagOf(argv, "--outDir")).find((found) => found !== undefined);
  const given = config?.setting("root");
  if (given && "computed" in given) return page(framed, usual(framed, row.output ?? "dist", 0.5));
  const root = given && typeof given.value === "string" ? given.value : ".";
  const under = (folder: string) => joinPath(joinPath(".", root) ?? ".", folder) ?? folder;
  if (build && flag !== undefined) return page(framed, said(build.at, under(flag)));
  const own = literal(framed, config, "string", "output", "build", "outDir");
  if (own) return page(framed, said(own.at, under(own.value)));
  // What is computed is somewhere else, as a rule.
  if (config?.setting("build", "outDir")) return { kind: "spa" };
  return page(framed, usual(framed, under(row.output ?? "dist")));
};

function page(_framed: Framed, output: NonNullable<Site["output"]>): Site {
  return { kind: "spa", output };
}
