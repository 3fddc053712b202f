import { joinPath } from "../../../../formats/tree.ts";
import { BUILD_SCRIPTS, configOf, literal, type Site, type SiteReader, said, scriptSteps, usual } from "./site.ts";

/** Next: a server, unless `output: "export"` or `next export` makes files. */
export const nextSite: SiteReader = (framed) => {
  const { project, row } = framed;
  const found = configOf(framed);
  const output = literal(framed, found?.config, "string", "render", "output");
  const folder = literal(framed, found?.config, "string", "output", "distDir");
  const build = scriptSteps(project, BUILD_SCRIPTS);
  const exported = build?.steps.find(({ argv: [program, verb] }) => program === "next" && verb === "export");
  const computed = found?.config.setting("output");
  const server = { ...usual(framed, row.start ?? ""), confidence: computed && "computed" in computed ? 0.5 : 0.8 };
  if (output?.value === "export" || exported) {
    const at = output?.at ?? build?.at ?? framed.at;
    const named = exported?.argv.includes("-o") ? exported.argv[exported.argv.indexOf("-o") + 1] : undefined;
    const value = named ?? (output && folder && joinPath(".", folder.value)) ?? row.output ?? "out";
    return { kind: "static", render: said(at, "export"), output: usual({ at }, value) };
  }
  const rendered: Site = { kind: "ssr", start: server, port: usual(framed, row.port ?? 3000) };
  if (computed && "computed" in computed) return rendered;
  return { ...rendered, render: output ? said(output.at, "server") : usual(framed, "server") };
};
