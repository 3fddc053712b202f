import { baseOf, extensionOf } from "../../../formats/tree.ts";
import { ownFile, type SimpleLanguage } from "./model.ts";

/** Perl of the web: PSGI, Mojolicious, Dancer. */
export const perl: SimpleLanguage = (view) => {
  const manifest = ownFile(view, "cpanfile", "Makefile.PL");
  const psgi = ownFile(view, "app.psgi", "bin/app.psgi");
  const own = psgi ?? manifest;
  if (!own) return undefined;
  const inside = (path: string) => (view.unit.path === "." ? path : path.slice(view.unit.path.length + 1));
  const script = view.sources.find(
    (file) =>
      ["pl", ""].includes(extensionOf(file)) &&
      /\bMojolicious(?:::Lite|::Commands)\b/.test(view.snapshot.text(file) ?? ""),
  );
  const words = [manifest?.text, psgi?.text, script && view.snapshot.text(script)].join("\n");
  const framework = /\bMojolicious\b/.test(words)
    ? "mojolicious"
    : /\bDancer2?\b/.test(words)
      ? "dancer"
      : /\bCatalyst\b/.test(words)
        ? "catalyst"
        : undefined;
  const start = psgi
    ? `plackup --host 0.0.0.0 --port \${PORT:-5000} ${inside(psgi.file)}`
    : script && `perl ${inside(script)} daemon -m production -l http://*:\${PORT:-3000}`;
  return {
    language: "Perl",
    runtime: { name: "perl", version: ownFile(view, ".perl-version")?.text.trim() },
    at: view.seen(own.file, 1, "perl"),
    declared: true,
    packageManager: "cpan",
    framework,
    kind: start === undefined ? undefined : "web",
    install: "cpanm --installdeps --notest .",
    test: "prove -l",
    start,
    port: start === undefined ? undefined : psgi ? 5000 : 3000,
  };
};

/** R: pages of Shiny, services of plumber. */
export const rlang: SimpleLanguage = (view) => {
  const app = ownFile(view, "app.R", "app.r") ?? ownFile(view, "server.R");
  const plumber = ownFile(view, "plumber.R", "api.R");
  const own = app ?? plumber;
  if (!own) return undefined;
  const isShiny = app !== undefined && (/\bshiny\b/i.test(app.text) || baseOf(app.file) === "server.R");
  if (!isShiny && !(plumber && /#\*|\bplumber\b/.test(plumber.text))) return undefined;
  const base = {
    language: "R",
    runtime: { name: "r" },
    at: view.seen(own.file, 1, "r"),
    declared: true,
    packageManager: ownFile(view, "renv.lock") ? "renv" : "cran",
  };
  const file = baseOf(own.file);
  return isShiny
    ? {
        ...base,
        framework: "shiny",
        kind: "web",
        start: "Rscript -e \"shiny::runApp('.', host = '0.0.0.0', port = as.integer(Sys.getenv('PORT', '3838')))\"",
        port: 3838,
      }
    : {
        ...base,
        framework: "plumber",
        kind: "api",
        start: `Rscript -e "plumber::pr_run(plumber::pr('${file}'), host = '0.0.0.0', port = as.integer(Sys.getenv('PORT', '8000')))"`,
        port: 8000,
      };
};

/** Lua on a server: Lapis is started by its own command. */
export const lua: SimpleLanguage = (view) => {
  const own = ownFile(view, "app.lua");
  if (!own || !/\brequire\s*\(?\s*["']lapis["']/.test(view.snapshot.code(own.file)?.code ?? "")) return undefined;
  return {
    language: "Lua",
    runtime: { name: "lua" },
    at: view.seen(own.file, 1, "lapis"),
    declared: false,
    packageManager: "luarocks",
    framework: "lapis",
    kind: "web",
    start: "lapis server production",
    port: 8080,
  };
};

/** Julia: the project's own program. */
export const julia: SimpleLanguage = (view) => {
  const own = ownFile(view, "Project.toml");
  if (!own) return undefined;
  const framework = /^Genie\s*=/m.test(own.text) ? "genie" : /^Oxygen\s*=/m.test(own.text) ? "oxygen" : undefined;
  const main = ownFile(view, "main.jl", "server.jl", "app.jl", "bin/server.jl");
  const path = main?.file.slice(view.unit.path === "." ? 0 : view.unit.path.length + 1);
  return {
    language: "Julia",
    runtime: { name: "julia" },
    at: view.seen(own.file, 1, "project"),
    declared: true,
    name: /^name\s*=\s*"([^"]+)"/m.exec(own.text)?.[1],
    packageManager: "pkg",
    framework,
    kind: path === undefined ? "library" : framework === undefined ? undefined : "web",
    install: "julia --project -e 'using Pkg; Pkg.instantiate()'",
    start: path && `julia --project ${path}`,
    port: path !== undefined && framework === "genie" ? 8000 : undefined,
  };
};
