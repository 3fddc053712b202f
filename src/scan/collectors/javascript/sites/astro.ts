import { configOf, folderSetting, literal, plainFolder, type SiteReader, said, usual } from "./site.ts";

/** Astro: files, unless an adapter renders at requests; the one for Node starts by itself in the mode `standalone`. */
export const astroSite: SiteReader = (framed) => {
  const { row } = framed;
  const found = configOf(framed);
  const config = found?.config;
  const output = literal(framed, config, "string", "render", "output");
  const folder = folderSetting(framed, config, "outDir");
  const dist = plainFolder(folder?.value ?? row.output ?? "dist");
  const adapter = config?.setting("adapter");
  const renders = output?.value === "server" || output?.value === "hybrid";
  if (!adapter && !renders) {
    const render = output ? said(output.at, "export" as const) : usual(framed, "export" as const);
    if (folder === null) return { kind: "static", render };
    return { kind: "static", render, output: folder ? said(folder.at, dist) : usual(framed, dist) };
  }
  const at = (adapter && found?.seen(adapter, "config")) ?? output?.at ?? framed.at;
  const render = said(at, "server" as const);
  if (!config?.contains(/["']@astrojs\/node["']/)) return { kind: "ssr", render };
  const modes = ["node()", "nodejs()", "nodeAdapter()", "adapter()"].map((call) =>
    config.setting("adapter", call, "mode"),
  );
  const mode = modes.find((setting) => setting !== undefined);
  if (mode && "value" in mode && mode.value === "middleware") return { kind: "ssr", render };
  const port = config.setting("server", "port");
  return {
    kind: "ssr",
    render,
    start: usual({ at }, folder ? `node ${dist}/server/entry.mjs` : (row.start ?? "")),
    port:
      port && "value" in port && typeof port.value === "number"
        ? { value: port.value, source: "code", confidence: 0.8, at: found?.seen(port, "config") ?? at }
        : usual({ at }, row.port ?? 4321),
  };
};
