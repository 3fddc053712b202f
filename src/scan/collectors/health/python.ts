import { callArguments } from "../../call-arguments.ts";
import { djangoRoutes } from "./django.ts";
import { pythonTargets } from "./python-imports.ts";
import type { Registered, Route } from "./route.ts";
import { type Extractor, type Site, textOf } from "./site.ts";

const DECORATOR = /@\s*([\w.]+)\.(get|route|api_route|head|endpoint)\s*\(/g;
/** `@get("/health")` of Litestar, `@route("/health")` of Bottle and Starlite. */
const BARE_DECORATOR = /(?:^|\n)[ \t]*@(get|route|handler|http_get)\s*\(/g;
const ADDED =
  /\b([\w.]+)\.(add_api_route|add_url_rule|add_route|add_get|add_resource|add_handler|add_view|register_listener)\s*\(/g;
const LISTED = /(?<![\w.])(Route|web\.get|url|URLSpec|HealthCheck|Healthcheck)\s*\(/g;
const ROUTER =
  /\b(\w+)\s*(?::\s*[\w.]+\s*)?=\s*(?:[\w.]+\.)?(APIRouter|Blueprint|APIBlueprint|Router|Namespace|Api|FastAPI|NinjaAPI|SmorestBlueprint)\s*\(/g;
const MOUNT = /\b([\w.]+)\.(include_router|register_blueprint|mount|blueprint|add_router|add_namespace)\s*\(/g;
const TUPLE = /\(\s*r?(["'])\^?(\/[\w/.-]+)(?:\/\?)?\$?\1\s*,\s*[\w.]+/g;
const COMPARED =
  /\b(?:path|url|path_info|PATH_INFO(?:"\]|'\])?|endpoint|raw_path)\)?\s*(?:==|\.startswith\()\s*["'](\/[\w/.-]+)["']/g;

export const python: Extractor = {
  extensions: ["py"],
  looksLike:
    /@[\w.]*(?:get|route|api_route|endpoint|handler)\s*\(|include_router|register_blueprint|APIRouter|Blueprint\(|urlpatterns|add_\w+\(|Route\(|HealthCheck|web\.get|["']\/[\w/-]*(?:health|ready|live|ping|status)|\.mount\(/,
  extract(site, into) {
    const { file, bare, code } = site;
    routers(site, into);
    mounts(site, into);
    for (const match of bare.matchAll(DECORATOR)) decorated(site, into, match, match[1] ?? "");
    for (const match of bare.matchAll(BARE_DECORATOR)) decorated(site, into, match, "(bare)");
    for (const match of bare.matchAll(ADDED)) {
      const given = callArguments(site, match.index + match[0].length - 1);
      const text = given
        .map(({ value }) =>
          /^[rfb]?["']|^\w*(?:PREFIX|PATH|URL|prefix)\b/.test(value) ? textOf(value, site.constant) : undefined,
        )
        .find((value) => value?.startsWith("/"));
      if (text !== undefined) add(match[1] ?? "", match.index, text, 0.85);
    }
    for (const match of bare.matchAll(LISTED)) {
      const given = callArguments(site, match.index + match[0].length - 1);
      const text = given
        .slice(0, 2)
        .map(({ value }) => textOf(value.replace(/^r(?=["'])/, ""), site.constant))
        .find((value) => value?.startsWith("/"));
      if (text !== undefined && given.length > 1) add("(listed)", match.index, text, 0.8);
    }
    // Tornado: a tuple of a pattern and a handler.
    if (/\btornado\b|\bwebapp2\b|web\.application/.test(code))
      for (const match of code.matchAll(TUPLE)) add("(listed)", match.index, match[2] ?? "", 0.8);
    for (const match of code.matchAll(COMPARED)) add("(compared)", match.index, match[1] ?? "", 0.6);
    djangoRoutes(site, into);

    function add(owner: string, at: number, path: string, confidence: number): void {
      into.routes.push({ file, at, owner, home: homeOf(site, owner), path, rule: "route", confidence, slash: true });
    }
  },
};

function decorated(site: Site, into: Registered, match: RegExpExecArray | RegExpMatchArray, owner: string): void {
  const at = (match.index ?? 0) + match[0].search(/@/);
  const given = callArguments(site, (match.index ?? 0) + match[0].length - 1);
  const methods = given.find(({ name }) => name === "methods")?.value;
  if (methods !== undefined && !/["']GET["']/i.test(methods)) return;
  const paths = given.filter(({ name }) => name === undefined || name === "path" || name === "rule");
  const listed = paths[0]?.value.startsWith("[")
    ? [...paths[0].value.matchAll(/["']([^"']*)["']/g)].map((found) => found[1])
    : undefined;
  const home = homeOf(site, owner);
  for (const path of listed ?? [paths[0] === undefined ? "" : textOf(paths[0].value, site.constant)])
    if (path !== undefined)
      into.routes.push({ file: site.file, at, owner, home, path, rule: "route", confidence: 0.85, slash: true });
}

/** A blueprint may be made in one module and filled in others. */
function homeOf(site: Site, owner: string): Route["home"] {
  const [target] = pythonTargets(site, owner);
  return target?.owner === undefined || target.file === site.file
    ? undefined
    : { file: target.file, owner: target.owner };
}

function routers(site: Site, into: Registered): void {
  for (const match of site.bare.matchAll(ROUTER)) {
    const given = callArguments(site, match.index + match[0].length - 1);
    const prefix = given.find(({ name }) => name === "prefix" || name === "url_prefix" || name === "path")?.value;
    // A namespace of Flask-RESTX lies below its name.
    const written = prefix ?? (match[2] === "Namespace" ? given[0]?.value : undefined);
    const text = written === undefined ? undefined : textOf(written, site.constant);
    if (text) into.bases.push({ file: site.file, owner: match[1] ?? "", prefix: text });
  }
}

function mounts(site: Site, into: Registered): void {
  const { file, bare, constant } = site;
  for (const match of bare.matchAll(MOUNT)) {
    const [, owner = "", method = ""] = match;
    const given = callArguments(site, match.index + match[0].length - 1);
    const texts = given.filter(({ value }) => /^[rf]?["']/.test(value));
    const named = given.find(({ name }) => name === "prefix" || name === "url_prefix" || name === "path")?.value;
    const written =
      named ?? (method === "include_router" || method === "register_blueprint" ? undefined : texts[0]?.value);
    const prefix = written === undefined ? "" : textOf(written, constant);
    const to = given
      .filter(({ name }) => name === undefined || name === "router" || name === "blueprint")
      .flatMap(({ value }) => pythonTargets(site, value));
    if (to.length > 0) into.mounts.push({ file, at: match.index, owner, prefix, to });
  }
}
