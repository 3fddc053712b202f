import { places } from "../../../../formats/text.ts";
import { joinPath } from "../../../../formats/tree.ts";
import { configOf, literal, type SiteReader, said, usual } from "./site.ts";

const ADAPTER =
  /["']@sveltejs\/adapter-([\w-]+)["']|["'](svelte-adapter-bun|svelte-adapter-deno|@deno\/svelte-adapter)["']/;

/** SvelteKit: the adapter decides. `adapter-auto` knows hosts only, so nothing is known of how it starts elsewhere. */
export const sveltekitSite: SiteReader = (framed) => {
  const { row } = framed;
  const config = configOf(framed)?.config;
  const found = ADAPTER.exec(config?.masked.code ?? "");
  const adapter = found?.[1] ?? found?.[2];
  const at =
    config && found
      ? framed.project.view.seen(config.file, places(config.masked.code)(found.index), "adapter")
      : framed.at;
  const option = (name: string) => literal(framed, config, "string", "output", "kit", "adapter", "adapter()", name);
  if (adapter === "static") {
    const page = config?.setting("kit", "adapter", "adapter()", "fallback");
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
