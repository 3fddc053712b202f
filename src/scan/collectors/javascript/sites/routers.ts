import { joinPath } from "../../../../formats/tree.ts";
import { type CodeConfig, codeConfig } from "../literals/config.ts";
import type { Project } from "../project.ts";
import { configOf, type Framed, literal, type Site, type SiteReader, said, usual } from "./site.ts";

function viteConfig({ view, fileLike }: Project): CodeConfig | undefined {
  return codeConfig(view.snapshot, fileLike(/^vite\.config\.[cm]?[jt]s$/));
}

/** Remix: with Vite the plugin holds the options, before it `remix.config.js` did. */
export const remixSite: SiteReader = (framed) => {
  const { project, row } = framed;
  const vite = viteConfig(project);
  const old = configOf(framed)?.config;
  const calls = ["remix()", "vitePlugin()", "remixVitePlugin()"];
  const page = calls
    .map((call) => literal(framed, vite, "boolean", "render", "plugins", call, "ssr"))
    .find((setting) => setting !== undefined);
  if (page?.value === false) return spa(page.at, row.output ?? "build/client");
  const path = literal(framed, old, "string", "output", "serverBuildPath")?.value;
  const build = vite ? "build/server/index.js" : (joinPath(".", path ?? "build/index.js") ?? "build/index.js");
  return served(framed, "@remix-run/serve", `remix-serve ${build}`);
};

/** React Router as a framework: `ssr: false` makes files. */
export const reactRouterSite: SiteReader = (framed) => {
  const { row } = framed;
  const config = configOf(framed)?.config;
  const folder =
    joinPath(".", literal(framed, config, "string", "output", "buildDirectory")?.value ?? "build") ?? "build";
  const page = literal(framed, config, "boolean", "render", "ssr");
  if (page?.value === false) return spa(page.at, folder === "build" ? (row.output ?? folder) : `${folder}/client`);
  return served(framed, "@react-router/serve", `react-router-serve ${folder}/server/index.js`);
};

/** TanStack Start: Nitro (or Vinxi before it) makes a server that starts by itself. */
export const tanstackSite: SiteReader = (framed) => {
  const { project, row } = framed;
  const vite = viteConfig(project);
  const page = literal(framed, vite, "boolean", "render", "plugins", "tanstackStart()", "spa", "enabled");
  if (page?.value === true) return spa(page.at, row.output ?? "dist/client");
  const render = usual(framed, "server" as const);
  const packages = ["nitro", "nitro-nightly", "nitropack", "@tanstack/nitro-v2-vite-plugin", "vinxi"];
  if (!packages.some((name) => project.has(name)))
    return { kind: "ssr", render, port: usual(framed, row.port ?? 3000) };
  return { kind: "ssr", render, start: usual(framed, row.start ?? ""), port: usual(framed, row.port ?? 3000) };
};

/** SolidStart: a server of Nitro, unless the preset makes files. */
export const solidSite: SiteReader = (framed) => {
  const { row, project } = framed;
  const config = configOf(framed, /^app\.config\.[cm]?[jt]s$/)?.config ?? viteConfig(project);
  const preset = literal(framed, config, "string", "render", "server", "preset");
  if (preset?.value === "static")
    return { kind: "static", render: said(preset.at, "export"), output: usual(framed, row.output ?? "dist") };
  const old = project.has("solid-start") && !project.has("@solidjs/start");
  const start = old ? "solid-start start" : row.start;
  return {
    kind: "ssr",
    render: usual(framed, "server"),
    ...(start ? { start: usual(framed, start) } : {}),
    port: usual(framed, 3000),
  };
};

/** Qwik City: the adapters that were added say where it runs. */
export const qwikSite: SiteReader = (framed) => {
  const { project, row } = framed;
  const { exists } = project;
  const files = ["adapters/static/vite.config.ts", "adapters/static/vite.config.mts"].some(exists);
  const entry = ["express", "fastify", "node-server"].find((name) => exists(`src/entry.${name}.tsx`));
  if (files && !entry)
    return { kind: "static", render: usual(framed, "export"), output: usual(framed, row.output ?? "dist") };
  const render = usual(framed, "server" as const, entry ? 0.8 : 0.6);
  return {
    kind: "ssr",
    render,
    ...(entry ? { start: usual(framed, `node server/entry.${entry}`), port: usual(framed, 3000) } : {}),
  };
};

function spa(at: Framed["at"], folder: string): Site {
  return { kind: "spa", render: said(at, "export"), output: usual({ at }, folder) };
}

/** Its own small server, where that is a dependency; another one is the project's. */
function served(framed: Framed, server: string, start: string): Site {
  const render = usual(framed, "server" as const);
  const port = usual(framed, framed.row.port ?? 3000);
  return framed.project.has(server)
    ? { kind: "ssr", render, port, start: usual(framed, start) }
    : { kind: "ssr", render, port };
}
