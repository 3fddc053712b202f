import { closingBracket } from "../../call-arguments.ts";
import type { Registered } from "./route.ts";
import { type Extractor, type Site, textOf } from "./site.ts";

const VERB =
  /(?:\bRoute::|\$(?:router|app|group|route|routes|r|api|builder|this->app|this->router|klein|slim|f3)\s*->\s*(?:(?:middleware|withoutMiddleware|name|domain|where)\([^()]*\)\s*->\s*)*)(get|any|match|map|connect|view|route|add|addRoute|redirect|respond|prefix|group|scope|scopes|mount)\s*\(/g;
const PATHS = /(["'])([^"'$]*)\1/g;
const ATTRIBUTE = /#\[(?:[\w\\]+\\)?(Route|Get|Any|RequestMapping|GetMapping)\s*\(/g;
const ANNOTATION = /@(?:[\w\\]+\\)?Route\s*\(\s*(?:path\s*=\s*)?"([^"]*)"/g;
const COMPARED =
  /(?:REQUEST_URI["']\]|\$(?:path|uri|url|request_uri|requestUri|route|pathInfo)|getPathInfo\(\)|getPath\(\))\s*(?:={2,3}|,)\s*(["'])(\/[\w/.-]+)\1|\bcase\s*(["'])(\/[\w/.-]+)\3\s*:/g;

export const php: Extractor = {
  extensions: ["php"],
  looksLike:
    /Route\b|->\s*(?:get|any|map|group|connect|match|add|withRouting)|REQUEST_URI|\bhealth\s*:|getPathInfo|\bcase\b/,
  extract(site, into) {
    const { file, code, bare, view } = site;
    const prefix = /(?:^|\/)routes\/api\.php$/.test(file) ? laravelApi(site) : "";
    if (prefix) into.scopes.push({ file, from: 0, to: code.length + 1, prefix });
    for (const match of bare.matchAll(VERB)) called(site, into, match);
    // Laravel 11: the health route is an argument of its own.
    const up = /\bwithRouting\s*\([\s\S]*?\bhealth\s*:\s*(["'])([^"']+)\1/.exec(code);
    if (up) add(up.index + up[0].search(/\bhealth\s*:/), up[2] ?? "", "laravel-health", 0.85, true);
    attributes(site, into);
    for (const match of code.matchAll(COMPARED)) add(match.index, match[2] ?? match[4] ?? "", "compared", 0.6);
    const page = /(?:^|\/)(?:public|web|html|htdocs|www)?\/?((?:health|healthz|healthcheck|status|ping)\.php)$/.exec(
      file.slice(view.unit.path === "." ? 0 : view.unit.path.length),
    );
    if (page && /<\?php/.test(code)) add(0, page[1] ?? "", "page", 0.55, true);

    function add(at: number, path: string, rule: string, confidence: number, certain = false): void {
      into.routes.push({ file, at, owner: "(php)", path, rule, confidence, certain });
    }
  },
};

function called(site: Site, into: Registered, match: RegExpExecArray): void {
  const { file, code, bare, constant } = site;
  const [whole, method = ""] = match;
  const at = match.index;
  const open = at + whole.length - 1;
  const close = closingBracket(bare, open);
  const inside = code.slice(open + 1, close);
  const [, , first = ""] = /^\s*(["'])([^"'$]*)\1/.exec(inside) ?? [];
  if (method === "prefix") {
    // Route::prefix("v1")->middleware(…)->group(function () { … })
    const rest = /^(?:\s*->\s*\w+\((?:[^()]|\([^()]*\))*\))*?\s*->\s*group\s*\(/.exec(bare.slice(close + 1));
    if (!rest) return;
    const group = close + rest[0].length;
    into.scopes.push({
      file,
      from: group,
      to: closingBracket(bare, group),
      prefix: textOf(`"${first}"`, constant) ?? "",
    });
  } else if (/^(?:group|scope|scopes|mount)$/.test(method)) {
    const inArray = /^\s*\[[^\]]*["']prefix["']\s*=>\s*(["'])([^"']*)\1/.exec(inside)?.[2];
    const prefix = inArray ?? first;
    if (prefix) into.scopes.push({ file, from: open, to: close, prefix });
  } else {
    const texts = [...inside.slice(0, 300).matchAll(PATHS)].map((text) => text[2] ?? "");
    // map(["GET"], "/health", …), addRoute("GET", "/health", …) name the methods first.
    const path =
      /^(?:match|map|addRoute|route)$/.test(method) && !first.startsWith("/")
        ? (texts.find((text) => text.startsWith("/")) ?? texts.at(-1))
        : first || undefined;
    if (path === undefined || method === "redirect") return;
    into.routes.push({ file, at, owner: "(php)", path, rule: "route", confidence: 0.85 });
  }
}

/** Symfony: an attribute on a class stands in front of those of its methods. */
function attributes({ file, code, bare, view, constant }: Site, into: Registered): void {
  const note = (at: number, path: string, end: number) => {
    const rest = bare.slice(end, end + 600);
    const isClass = /^\s*\]?(?:\s*(?:#\[[^\n]*|\/\/[^\n]*))*\s*(?:final\s+|abstract\s+|readonly\s+)*class\b/.test(rest);
    if (isClass) into.scopes.push({ file, from: end, to: code.length, prefix: path });
    else into.routes.push({ file, at, owner: "(php)", path, rule: "attribute", confidence: 0.85 });
  };
  for (const match of bare.matchAll(ATTRIBUTE)) {
    const open = match.index + match[0].length - 1;
    const close = closingBracket(bare, open);
    const inside = code.slice(open + 1, close);
    const written =
      /^\s*(?:path\s*:\s*)?((["'])[^"']*\2|[\w:\\]+(?=\s*[,)]|$))/.exec(inside)?.[1] ??
      /\bpath\s*:\s*((["'])[^"']*\2)/.exec(inside)?.[1];
    const path = written === undefined ? undefined : textOf(written, constant);
    if (path !== undefined && !(/\bmethods\s*:/.test(inside) && !/GET/.test(inside)))
      note(match.index, path, close + 1);
  }
  // Annotations are comments to PHP.
  const text = view.snapshot.text(file) ?? "";
  for (const match of text.matchAll(ANNOTATION)) {
    const end = text.indexOf("*/", match.index);
    if (end !== -1 && /^\s*\*/.test(text.slice(text.lastIndexOf("\n", match.index) + 1)))
      note(match.index, match[1] ?? "", end + 2);
  }
}

/** The prefix of `routes/api.php`. */
function laravelApi({ view }: Site): string {
  const file = view.path("bootstrap/app.php");
  const code = file === undefined ? "" : (view.snapshot.code(file)?.code ?? "");
  return /\bapiPrefix\s*:\s*(["'])([^"']*)\1/.exec(code)?.[2] ?? "api";
}
