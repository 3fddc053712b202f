import { majorOf, rangeOf } from "../project.ts";
import { BUILD_SCRIPTS, configOf, literal, type SiteReader, said, scriptSteps, usual } from "./site.ts";

const HOSTED = /^(?:vercel|netlify|cloudflare|aws|azure|firebase|deno|heroku|edgio|stormkit|zeabur|cleavr)/;

/** Nuxt: a server, unless it generates files or renders in browsers only. */
export const nuxtSite: SiteReader = (framed) => {
  const { project, row } = framed;
  const config = configOf(framed)?.config;
  const old = majorOf(rangeOf(project, "nuxt") ?? rangeOf(project, "nuxt-edge")) === 2;
  const build = scriptSteps(project, BUILD_SCRIPTS);
  const generated = build?.steps.some(
    ({ argv: [program = "", verb] }) => /^(?:nuxt|nuxi|nuxt-ts)$/.test(program) && verb === "generate",
  );
  const ssr = literal(framed, config, "boolean", "render", "ssr");
  const target = literal(framed, config, "string", "render", "target");
  const mode = literal(framed, config, "string", "render", "mode");
  const preset = literal(framed, config, "string", "render", "nitro", "preset");
  const page = ssr?.value === false ? ssr : mode?.value === "spa" ? mode : undefined;
  const files = page ?? [target, preset].find((setting) => setting?.value === "static");
  if (generated || files) {
    const at = generated ? (build?.at ?? framed.at) : (files?.at ?? framed.at);
    const output = old ? "dist" : (row.output ?? "dist");
    return { kind: page ? "spa" : "static", render: said(at, "export"), output: usual({ at }, output) };
  }
  const render = preset ? said(preset.at, "server" as const) : usual(framed, "server" as const);
  if (preset && HOSTED.test(preset.value)) return { kind: "ssr", render };
  const start = old ? "nuxt start" : preset?.value === "bun" ? "bun run .output/server/index.mjs" : (row.start ?? "");
  // Nuxt 2 takes its port from its configuration, Nuxt 3 that of `nuxt dev` alone.
  const told = old ? config?.setting("server", "port") : undefined;
  const digits = told && ("value" in told ? String(told.value) : /(?:\|\||\?\?)\s*["']?(\d+)/.exec(told.computed)?.[1]);
  const port = Number(digits);
  return {
    kind: "ssr",
    render,
    start: usual(framed, start),
    port:
      config && told && port > 0
        ? { value: port, source: "code", confidence: 0.85, at: project.view.seen(config.file, told.place, "config") }
        : usual(framed, row.port ?? 3000),
  };
};
