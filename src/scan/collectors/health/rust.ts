import { callArguments, closingBracket } from "../../call-arguments.ts";
import type { Registered } from "./route.ts";
import { type Extractor, type Site, textOf } from "./site.ts";

const ATTRIBUTE = /#\[\s*(?:\w+::)*(?:get|route|head|handler)\s*\(\s*"([^"]*)"/g;
const CALL = /\.\s*(route|at|nest|nest_service|mount|service|get|route_service|push|hoop)\s*\(/g;
const RESOURCE = /\bweb::(resource|scope)\s*\(/g;
const WARP = /\bwarp::path(?:!\s*\(|\s*\()\s*((?:"[\w.-]+"\s*\/?\s*)+)/g;
const FUNCTION = /(?:^|\n)\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?fn\s+(\w+)/g;

export const rust: Extractor = {
  extensions: ["rs"],
  looksLike: /\.(?:route|at|nest|mount|get|service)\s*\(|#\[\s*(?:\w+::)*get|web::(?:resource|scope)|warp::path/,
  extract(site, into) {
    const { file, code, bare } = site;
    const functions = [...bare.matchAll(FUNCTION)].map(({ index, 1: name = "" }) => ({ name, at: index }));
    const functionAt = (at: number) => functions.findLast((one) => one.at <= at)?.name ?? "";
    for (const match of code.matchAll(ATTRIBUTE)) {
      const name = functions.find((one) => one.at >= match.index)?.name ?? "";
      into.routes.push({
        file,
        at: match.index,
        owner: `handler:${name}`,
        path: (match[1] ?? "").split("?")[0] ?? "",
        rule: "attribute",
        confidence: 0.85,
      });
    }
    for (const match of bare.matchAll(RESOURCE)) {
      const open = match.index + match[0].length - 1;
      const [first] = callArguments(site, open);
      const path = first && textOf(first.value, site.constant);
      if (path === undefined) continue;
      const end = statementEnd(bare, open);
      if (match[1] === "scope") into.scopes.push({ file, from: open, to: end, prefix: path });
      else if (/web::get|\bto\s*\(|Method::GET/.test(bare.slice(open, end)))
        add(match.index, path, functionAt(match.index));
    }
    for (const match of bare.matchAll(CALL)) called(site, into, match, functionAt);
    for (const match of code.matchAll(WARP)) {
      const parts = [...(match[1] ?? "").matchAll(/"([\w.-]+)"/g)].map((part) => part[1]);
      add(match.index, parts.join("/"), functionAt(match.index), 0.75);
    }

    function add(at: number, path: string, owner: string, confidence = 0.85): void {
      into.routes.push({ file, at, owner, path, rule: "route", confidence });
    }
  },
};

function called(site: Site, into: Registered, match: RegExpExecArray, functionAt: (at: number) => string): void {
  const { file, bare, constant, view } = site;
  const [whole, method = ""] = match;
  const at = match.index;
  const owner = functionAt(at);
  const given = callArguments(site, at + whole.length - 1);
  const first = given[0]?.value ?? "";
  const path = /^"|^[A-Z]|^&?\w*(?:prefix|path)/.test(first) ? textOf(first, constant) : undefined;
  const handler = given[1]?.value ?? "";
  if (method === "mount" || method === "nest" || method === "nest_service") {
    if (path === undefined) return;
    // Rocket: .mount("/api", routes![health]); axum: .nest("/api", health::router()).
    const names = handler.match(/\b[a-z]\w*\b(?=\s*[,\]]|\s*\(|$)/g) ?? [];
    const isRocket = /\broutes!/.test(handler);
    const to = isRocket
      ? names.flatMap((name) =>
          filesWith(view, `fn ${name}`).map((target) => ({ file: target, owner: `handler:${name}` })),
        )
      : names.flatMap((name) => filesWith(view, `fn ${name}`).map((target) => ({ file: target, owner: name })));
    if (/\bRouter::new\b|\bRoute::new\b/.test(handler))
      into.scopes.push({ file, from: at, to: closingBracket(bare, at + whole.length - 1), prefix: path });
    else if (to.length > 0) into.mounts.push({ file, at, owner, prefix: path, to: to.slice(0, 5) });
    else variable(site, into, { at, owner, path, handler });
  } else if (path !== undefined && given.length > 1 && /^(?:route|at|get|route_service)$/.test(method)) {
    if (/^(?:axum::routing::|routing::|web::)?(?:post|put|patch|delete)\b/.test(handler)) return;
    if (method === "get" && !/Router|Server|App|tide|app\b|router\b/.test(bare.slice(Math.max(0, at - 300), at)))
      return;
    into.routes.push({ file, at, owner, path, rule: "route", confidence: 0.85 });
  }
}

/** `let api = Router::new().route("/health", …); Router::new().nest("/api", api)`. */
function variable(
  { file, bare }: Site,
  into: Registered,
  { at, path, handler }: { at: number; owner: string; path: string; handler: string },
): void {
  const name = /^(\w+)/.exec(handler)?.[1];
  const made =
    name === undefined ? null : new RegExp(`\\blet\\s+(?:mut\\s+)?${name}\\b[^=\\n]*=`).exec(bare.slice(0, at));
  if (made) into.scopes.push({ file, from: made.index, to: statementEnd(bare, made.index), prefix: path });
}

function statementEnd(bare: string, from: number): number {
  let depth = 0;
  for (let at = from; at < bare.length; at += 1) {
    const char = bare[at] as string;
    if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    if (depth < 0 || (char === ";" && depth === 0)) return at;
  }
  return bare.length;
}

function filesWith(view: Site["view"], words: string): string[] {
  const pattern = new RegExp(`\\b${words.replace(" ", "\\s+")}\\b`);
  return view.sources.filter((path) => path.endsWith(".rs") && pattern.test(view.snapshot.text(path) ?? ""));
}
