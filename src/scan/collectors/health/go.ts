import { callArguments, closingBracket } from "../../call-arguments.ts";
import type { Registered } from "./route.ts";
import { type Extractor, type Site, textOf } from "./site.ts";

const CALL =
  /\b([\w.]+(?:\([^()\n]*\))?)\.(GET|Get|HandleFunc|Handle|Any|All|Head|HEAD|Add|Route|Mount|Group|PathPrefix|Use|Method|MethodFunc|HandleMethod|Static)\s*\(/g;
const GROUP = /\b(\w+)\s*:?=\s*([\w.]+)\s*\.\s*(Group|PathPrefix|Party)\s*\(/g;
/** Functions of the file with their parameters. */
const FUNCTION = /(?:^|\n)func\s+(?:\([^)]*\)\s*)?(\w+)\s*\(([^)]*)\)/g;
const COMPARED = /\b(?:URL\.Path|RequestURI|Path\(\)|path)\s*(?:==|,)\s*"(\/[\w/.-]+)"|\bcase\s+"(\/[\w/.-]+)"\s*:/g;

export const go: Extractor = {
  extensions: ["go"],
  looksLike:
    /\.(?:GET|Get|HandleFunc|Handle|Any|All|Route|Mount|Group|PathPrefix|Method|Add)\s*\(|URL\.Path|healthcheck|Heartbeat/,
  extract(site, into) {
    const { file, code, bare, constant } = site;
    const functions = [...bare.matchAll(FUNCTION)].map(({ index, 1: name = "", 2: parameters = "" }) => ({
      name,
      at: index,
      parameters: parameters.split(",").map((one) => one.trim().split(/\s+/)[0] ?? ""),
    }));
    /** A variable belongs to its function: each file has an `r`. What a function is given is known by its place among the parameters. */
    const ownerAt = (name: string, at: number) => {
      const within = functions.findLast((one) => one.at <= at);
      const position = within?.parameters.indexOf(name) ?? -1;
      return within && position !== -1 ? `${within.name}#${position}` : within ? `${within.name}/${name}` : name;
    };
    for (const match of bare.matchAll(GROUP)) {
      const [first] = callArguments(site, match.index + match[0].length - 1);
      const owner = ownerAt(match[2] ?? "", match.index);
      const to = [{ file, owner: ownerAt(match[1] ?? "", match.index) }];
      into.mounts.push({ file, at: match.index, owner, prefix: first && textOf(first.value, constant), to });
    }
    for (const match of bare.matchAll(CALL)) called(site, into, match, ownerAt);
    for (const match of code.matchAll(COMPARED)) {
      const path = match[1] ?? match[2] ?? "";
      into.routes.push({ file, at: match.index, owner: "(compared)", path, rule: "compared", confidence: 0.6 });
    }
    handed(site, into, ownerAt);
    ready(site, into);
  },
};

type OwnerAt = (name: string, at: number) => string;

function called(site: Site, into: Registered, match: RegExpExecArray, ownerAt: OwnerAt): void {
  const { file, bare, constant } = site;
  const [whole, receiver = "", method = ""] = match;
  const at = match.index;
  const open = at + whole.length - 1;
  const given = callArguments(site, open);
  const named =
    /^(?:Add|Method|MethodFunc|HandleMethod)$/.test(method) ||
    (method === "Handle" && /^(?:"GET"|http\.MethodGet)$/.test(given[0]?.value ?? ""));
  const written = textOf(given[named ? 1 : 0]?.value ?? "", constant);
  if (written === undefined || (named && !/GET|Any/i.test(given[0]?.value ?? ""))) return;
  // "GET /health" of net/http.
  const [, verb, path = ""] = /^(?:([A-Z]+)\s+)?(?:[\w.-]+(?=\/))?(\/?.*)$/.exec(written) ?? [];
  if (verb !== undefined && verb !== "GET" && verb !== "HEAD") return;
  const chain = /^(\w+)\.(?:Group|PathPrefix)\(\s*("[^"\n]*"|\w+)\s*\)/.exec(site.code.slice(at, open));
  const owner = ownerAt(chain?.[1] ?? receiver, at);
  if (/^(?:Route|Mount|Group)$/.test(method) && /^\s*func\b/.test(given[1]?.value ?? "")) {
    into.scopes.push({ file, from: open, to: closingBracket(bare, open), prefix: path });
    // Inside, the parameter is the router of the block; what the outer one has stays in front of it.
    return;
  }
  const handler = given[named ? 2 : 1]?.value ?? "";
  if (
    method === "Mount" ||
    (method === "Handle" &&
      /^\w+$/.test(handler) &&
      new RegExp(`\\b${handler}\\s*:?=\\s*[\\w.]*(?:NewRouter|NewServeMux|NewMux)`).test(bare))
  ) {
    const target = /^(\w+)$/.exec(handler)?.[1];
    if (target) into.mounts.push({ file, at, owner, prefix: path, to: [{ file, owner: ownerAt(target, at) }] });
  }
  if (given.length < 2 || /^(?:Group|PathPrefix|Use|Static)$/.test(method)) return;
  if (
    /^\s*\.\s*Methods\(\s*(?!.*(?:GET|MethodGet))/.test(
      site.code.slice(closingBracket(bare, open) + 1, closingBracket(bare, open) + 80),
    )
  )
    return;
  const base = chain ? `${textOf(chain[2] ?? "", constant) ?? ""}/` : "";
  into.routes.push({ file, at, owner, path: `${base}${path}`, rule: "route", confidence: 0.85 });
}

/** A router that is handed to a function: `registerHealth(api)`, `health.Register(api)`. */
function handed({ file, bare, view }: Site, into: Registered, ownerAt: OwnerAt): void {
  for (const match of bare.matchAll(/(?:^|[\s.])([A-Za-z]\w*)\(([\w.,\s&]{1,200})\)/g)) {
    const [, name = "", list = ""] = match;
    if (!/^(?:[A-Z]|register|setup|init|add|mount|new|routes|configure|bind|attach|health)/i.test(name)) continue;
    for (const [position, argument] of list.split(",").entries()) {
      const variable = argument.trim();
      if (!/^[a-z]\w*$/i.test(variable)) continue;
      const to = definitions(view.sources, name, position, view.snapshot);
      if (to.length > 0)
        into.mounts.push({ file, at: match.index, owner: ownerAt(variable, match.index), prefix: "", to });
    }
  }
}

const known = new WeakMap<readonly string[], Map<string, string[]>>();

/** The functions of that name that take something at that position, in the files that register routes. */
function definitions(
  sources: readonly string[],
  name: string,
  position: number,
  snapshot: Site["view"]["snapshot"],
): { file: string; owner: string }[] {
  const index = known.get(sources) ?? indexed(sources, snapshot);
  known.set(sources, index);
  return (index.get(name) ?? []).map((file) => ({ file, owner: `${name}#${position}` }));
}

function indexed(sources: readonly string[], snapshot: Site["view"]["snapshot"]): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const file of sources.filter((path) => path.endsWith(".go")))
    for (const match of (snapshot.code(file)?.bare ?? "").matchAll(FUNCTION))
      if (
        /\b(?:Router|Engine|RouterGroup|Echo|Group|App|Mux|ServeMux|IRouter|IRoutes|Party|Routes|chi\.\w+)\b/.test(
          match[2] ?? "",
        )
      )
        index.set(match[1] ?? "", [...(index.get(match[1] ?? "") ?? []), file]);
  return index;
}

/** Middleware that answers by itself. */
function ready({ file, code, constant }: Site, into: Registered): void {
  const add = (at: number, path: string, confidence: number) =>
    into.routes.push({ file, at, owner: "(middleware)", path, rule: "middleware", confidence, certain: true });
  for (const match of code.matchAll(/\bmiddleware\.Heartbeat\(\s*([^)\n]+)\)/g)) {
    const path = textOf(match[1] ?? "", constant);
    if (path !== undefined) add(match.index, path, 0.85);
  }
  // Fiber 2: /livez and /readyz unless it is told otherwise.
  for (const match of code.matchAll(/\.Use\(\s*healthcheck\.New\(([\s\S]{0,400}?)\)\s*\)/g)) {
    const given = (name: string) => new RegExp(`\\b${name}\\s*:\\s*"([^"]+)"`).exec(match[1] ?? "")?.[1];
    add(match.index, given("LivenessEndpoint") ?? "/livez", 0.8);
    into.routes.push({
      file,
      at: match.index,
      owner: "(middleware)",
      path: given("ReadinessEndpoint") ?? "/readyz",
      rule: "middleware",
      confidence: 0.8,
    });
  }
}
