import { type Argument, callArguments, closingBracket } from "../../call-arguments.ts";
import { dependenciesOf } from "../../dependencies.ts";
import { type Imports, importsOf } from "./javascript-imports.ts";
import { nestRoutes } from "./nest.ts";
import type { Registered } from "./route.ts";
import { type Extractor, type Site, textOf } from "./site.ts";

const METHODS = "get|all|head|use|route|register|group|mount|basePath|on|add|handle";
const CALL = new RegExp(`(?:([\\w$]+|\\))\\s*)?(?:\\?\\.|\\.)\\s*(${METHODS})\\s*(?:<[^<>()]*>)?\\(`, "g");
const ROUTER =
  /\b(?:const|let|var|export\s+const)\s+([\w$]+)\s*(?::[^=;]+)?=\s*(?:await\s+)?(?:new\s+)?([\w$.]*(?:Router|Hono|Elysia|OpenAPIHono|Koa|KoaRouter|express|fastify|Fastify|createApp|H3|polka|restana|factory\.createApp)[\w$.]*)\s*(?:<[^()]*>)?\s*\(/g;
/** Programs that ask others, not that answer. */
const ASKING =
  /^(?:axios|https?|\$http|fetch|got|ky|superagent|request|req|res|response|nock|cy|cache|redis|params|headers|cookies|searchParams|map|client|instance)$/;

/** What is handed to a client: `api.get("/health", options)`. */
const OPTIONS = /^(?:\w*[oO]ptions|\w*[oO]pts|\w*[cC]onfig|params|headers|query|\w*Headers|\w*Params)$/;

export const javascript: Extractor = {
  extensions: ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"],
  looksLike:
    /\.(?:get|all|use|route|register|group|head|on)\s*(?:<[^<>()]*>)?\(|@Controller\b|@Get\b|setGlobalPrefix|["'`]\/[\w/-]*(?:health|ready|live|ping|status|up)/,
  extract(site, into) {
    const imports = importsOf(site);
    const routers = declared(site, into);
    for (const call of site.bare.matchAll(CALL)) {
      const [, before = "", method = ""] = call;
      const at = call.index + call[0].lastIndexOf(method);
      const open = call.index + call[0].length - 1;
      if (ASKING.test(before)) continue;
      const owner = before === ")" || before === "" ? (lastBefore(routers, at) ?? "*") : before;
      const given = callArguments(site, open);
      registered({ site, into, imports, owner, method, at, given });
      scoped(site, into, { method, at, open, given });
    }
    loadedByFolder(site, into);
    listed(site, into, imports);
    compared(site, into);
    nestRoutes(site, into);
  },
};

interface Call {
  site: Site;
  into: Registered;
  imports: Imports;
  owner: string;
  method: string;
  at: number;
  given: readonly Argument[];
}

function registered({ site, into, imports, owner, method, at, given }: Call): void {
  const { file, constant } = site;
  const first = given[0]?.value ?? "";
  const isText = /^["'`]/.test(first);
  const path =
    isText || /^[A-Z\w.]*(?:PATH|PREFIX|ROUTE|URL|[pP]ath|[pP]refix|[rR]oute)\w*$/.test(first)
      ? textOf(first, constant)
      : undefined;
  const last = given.at(-1)?.value ?? "";
  const handled = given.length > 1 && (method === "on" || !(last.startsWith("{") || OPTIONS.test(last)));
  if (method === "on" && isText && given.length > 2) {
    const paths = [...(given[1]?.value ?? "").matchAll(/(["'`])([^"'`]+)\1/g)].map((match) => match[2] ?? "");
    if (/get|all/i.test(first)) for (const one of paths) add(one, 0.85);
  } else if (/^(?:get|all|head|add|handle)$/.test(method)) {
    if (!handled) return;
    // A router of Koa may name its routes: get("health", "/health", …).
    const named = path !== undefined && !path.startsWith("/") ? textOf(given[1]?.value ?? "", constant) : undefined;
    for (const one of named?.startsWith("/") ? [named] : path === undefined ? pathsOf(first) : [path]) add(one, 0.85);
  } else if (method === "route" && first.startsWith("{")) {
    const url = /\b(?:url|path)\s*:\s*(["'`][^"'`]*["'`]|[\w.]+)/.exec(first)?.[1];
    const text = url === undefined ? undefined : textOf(url, constant);
    if (text !== undefined && /\bmethod\s*:\s*(?:\[[^\]]*)?["'`](?:get|\*|all)["'`]/i.test(first)) add(text, 0.85);
  } else if (method === "route" && path !== undefined && given.length === 1) {
    if (/^\s*\.\s*(?:get|all)\b/.test(site.bare.slice(closingBracket(site.bare, site.bare.indexOf("(", at)) + 1)))
      add(path, 0.85);
  } else if (/^(?:use|route|register|mount|group)$/.test(method)) mount();

  function add(one: string, confidence: number): void {
    into.routes.push({ file, at, owner, path: one, rule: "route", confidence });
  }
  function mount(): void {
    const prefixed = path !== undefined || pathsOf(first).length > 0;
    const options = /^\{/.test(last) ? /\bprefix\s*:\s*([^,}\n]+)/.exec(last)?.[1] : undefined;
    const inner = prefixed ? given.slice(1) : given;
    const to = inner.flatMap(({ value }) => imports.targets(value));
    const prefix =
      options === undefined
        ? (path ?? pathsOf(first)[0] ?? (prefixed || !isComputed(first, given) ? "" : undefined))
        : textOf(options, constant);
    if (to.length > 0) into.mounts.push({ file, at, owner, prefix, to });
    // What answers below a path without being a router: app.use("/healthz", (request, response) => …).
    else if (method === "use" && path !== undefined && given.length > 1) add(path, 0.8);
  }
}

/** `use(config.prefix, router)`: the first of two is no router. */
function isComputed(first: string, given: readonly Argument[]): boolean {
  return given.length > 1 && /^[\w$]+(?:\.[\w$]+)*$/.test(first) && /(?:prefix|path|base|url|root)\w*$/i.test(first);
}

function pathsOf(list: string): string[] {
  return list.startsWith("[") ? [...list.matchAll(/(["'`])([^"'`]+)\1/g)].map((match) => match[2] ?? "") : [];
}

/** Routers of the file, where they are made, with the prefixes they are made with. */
function declared({ file, code, bare, constant }: Site, into: Registered): { name: string; at: number }[] {
  return [...bare.matchAll(ROUTER)].map((match) => {
    const [whole, name = ""] = match;
    const open = match.index + whole.length - 1;
    const close = closingBracket(bare, open);
    const inside = /\bprefix\s*:\s*([^,}\n]+)/.exec(code.slice(open, close))?.[1];
    const chained = /^\s*\.\s*(?:basePath|prefix)\(\s*([^)\n]+)\)/.exec(code.slice(close + 1, close + 200))?.[1];
    const prefix = textOf(inside ?? chained ?? '""', constant);
    if (prefix) into.bases.push({ file, owner: name, prefix });
    return { name, at: match.index };
  });
}

function lastBefore(routers: readonly { name: string; at: number }[], at: number): string | undefined {
  return routers.findLast((router) => router.at < at)?.name;
}

/** `register(async (app) => { … }, { prefix })`, `group("/api", (app) => …)`, `group(() => { … }).prefix("/api")`. */
function scoped(
  { file, code, bare, constant }: Site,
  into: Registered,
  { method, at, open, given }: { method: string; at: number; open: number; given: readonly Argument[] },
): void {
  if (
    !/^(?:register|group|route|use)$/.test(method) ||
    !given.some(({ value }) => /=>|\bfunction\b|\bnew\s+\w+\(/.test(value))
  )
    return;
  const to = closingBracket(bare, open);
  const last = given.at(-1)?.value ?? "";
  const behind = /^\s*\.\s*prefix\(\s*([^)\n]+)\)/.exec(code.slice(to + 1, to + 200))?.[1];
  const before = /^["'`]/.test(given[0]?.value ?? "") && method !== "use" ? given[0]?.value : undefined;
  const written = behind ?? before ?? (last.startsWith("{") ? /\bprefix\s*:\s*([^,}\n]+)/.exec(last)?.[1] : undefined);
  const prefix = written === undefined ? undefined : textOf(written, constant);
  if (prefix !== undefined) into.scopes.push({ file, from: at + 1, to, prefix });
}

/** Fastify's autoload takes the folders below `routes` as prefixes. */
function loadedByFolder({ view, file, code }: Site, into: Registered): void {
  const folder = /(?:^|\/)routes\/(.+)\/[^/]+$/.exec(file)?.[1];
  if (folder === undefined) return;
  const packages = dependenciesOf(view.snapshot, view.unit.path);
  if (!packages.some(({ name }) => name === "@fastify/autoload" || name === "fastify-autoload")) return;
  const own = /\bautoPrefix\s*=\s*["'`]([^"'`]+)["'`]/.exec(code)?.[1];
  into.scopes.push({ file, from: 0, to: code.length + 1, prefix: own ?? folder });
}

/** A list of routers with their paths, that a loop registers: `{ path: "/health", route: healthRoute }`. */
function listed({ file, code, bare }: Site, into: Registered, imports: Imports): void {
  if (!/use\(/i.test(bare)) return;
  const loop = /([\w$]+)\s*\.\s*use\(\s*[\w$]+\.\w*(?:path|prefix|url)\w*\s*,\s*[\w$]+\.(\w+)/i.exec(bare);
  if (!loop) return;
  const [, owner = "", key = ""] = loop;
  const rows = code.matchAll(
    new RegExp(
      `\\{[^{}]*?\\b\\w*(?:path|prefix|url)\\w*\\s*:\\s*(["'\`])([^"'\`]*)\\1[^{}]*?\\b${key}\\s*:\\s*([\\w$.]+)`,
      "gi",
    ),
  );
  for (const row of rows)
    into.mounts.push({ file, at: row.index, owner, prefix: row[2] ?? "", to: imports.targets(row[3] ?? "") });
}

/** Servers without a framework: `request.url === "/healthz"`, `case "/healthz":`, `{ "/healthz": … }` of Bun and terminus. */
function compared({ file, code }: Site, into: Registered): void {
  const forms: [RegExp, number][] = [
    [/\b(?:url|pathname|path)\)?\s*={2,3}\s*(["'`])(\/[\w/.-]+)\1/g, 0.6],
    [/\b(?:url|pathname|path)\)?\.startsWith\(\s*(["'`])(\/[\w/.-]+)\1/g, 0.55],
    [/\bcase\s*(["'`])(\/[\w/.-]+)\1\s*:/g, 0.7],
    [/[{,]\s*(["'`])(\/[\w/.-]+)\1\s*:\s*(?=[\w$({[]|async\b|new\b)/g, 0.65],
  ];
  for (const [pattern, confidence] of forms)
    for (const match of code.matchAll(pattern))
      into.routes.push({
        file,
        at: match.index,
        owner: "(compared)",
        path: match[2] ?? "",
        rule: "compared",
        confidence,
      });
}
