import { places } from "../../../../formats/text.ts";
import { joinPath } from "../../../../formats/tree.ts";
import type { CodeConfig } from "../literals/config.ts";
import { configOf, literal, type SiteReader, said, usual } from "./site.ts";

const ADAPTER =
  /(?:import\s+([\w$]+)\s+from\s*|(?:const|let|var)\s+([\w$]+)\s*=\s*require\(\s*)?["'](?:@sveltejs\/adapter-([\w-]+)|(svelte-adapter-bun|svelte-adapter-deno|@deno\/svelte-adapter))["']/g;

interface Adapter {
  id: string;
  /** What the file calls it. */
  local: string;
  /** Offset of its import. */
  at: number;
}

/** The adapter that is taken: of several the one that is called, the one for Node where a condition decides. */
function adapterIn(config: CodeConfig): Adapter | undefined {
  const found = [...config.masked.code.matchAll(ADAPTER)].map(
    ({ 1: imported, 2: required, 3: own, 4: other, index }): Adapter => ({
      id: own ?? other ?? "",
      local: imported ?? required ?? "adapter",
      at: index,
    }),
  );
  const setting = config.setting("kit", "adapter");
  const words = setting && "computed" in setting ? setting.computed : "";
  const called = found.filter(({ local }) =>
    new RegExp(`(?<![\\w$])${local.replaceAll("$", "\\$")}\\s*\\(`).test(words),
  );
  const taken = called.length > 0 ? called : found;
  return taken.find(({ id }) => taken.length > 1 && id === "node") ?? taken[0];
}

/** SvelteKit: the adapter decides. `adapter-auto` knows hosts only, so nothing is known of how it starts elsewhere. */
export const sveltekitSite: SiteReader = (framed) => {
  const { row } = framed;
  const config = configOf(framed)?.config;
  const found = config && adapterIn(config);
  const adapter = found?.id;
  const call = `${found?.local ?? "adapter"}()`;
  const at =
    config && found
      ? framed.project.view.seen(config.file, places(config.masked.code)(found.at), "adapter")
      : framed.at;
  const option = (name: string) => literal(framed, config, "string", "output", "kit", "adapter", call, name);
  if (adapter === "static") {
    const page = config?.setting("kit", "adapter", call, "fallback");
    const pages = option("pages");
    const folder = joinPath(".", pages?.value ?? row.output ?? "build") ?? "build";
    return {
      kind: page ? "spa" : "static",
      render: said(at, "export"),
      output: pages ? said(pages.at, folder) : usual(framed, folder),
    };
  }
  if (adapter === undefined || adapter === "auto") return { kind: "ssr", render: usual(framed, "server", 0.6) };
  const render = said(at, "server" as const);
  const out = joinPath(".", option("out")?.value ?? "build") ?? "build";
  if (adapter === "svelte-adapter-bun")
    return { kind: "ssr", render, start: usual({ at }, `bun ./${out}/index.js`), port: usual(framed, 3000) };
  if (adapter !== "node") return { kind: "ssr", render };
  return { kind: "ssr", render, start: usual({ at }, `node ${out}`), port: usual(framed, row.port ?? 3000) };
};
