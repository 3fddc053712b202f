import { closingBracket } from "../../call-arguments.ts";
import type { View } from "../../collector.ts";
import { type Sign, signsIn } from "../../signs.ts";
import { setting } from "../jvm/settings-files.ts";
import type { Registered } from "./route.ts";
import { type Extractor, type Site, textOf } from "./site.ts";

const ANNOTATION =
  /@(?:[\w.]+\.)?(GetMapping|RequestMapping|Path|Controller|RestController|Get|Route|Endpoint)\b\s*(\()?/g;
const CLASS =
  /^(?:\s*@[\w.]+(?:\([^)]*\))?|\s*(?:public|final|open|abstract|internal|data|sealed|private|protected|static|suspend)\b)*\s*(?:class|interface|object|record)\b/;
/** Ktor, Javalin, Spark, Vert.x, functional Spring: `get("/health") { … }`, `app.get("/health", ctx -> …)`. */
const CALL = /(?:\b(\w+)\s*\.\s*)?\b(get|GET|head|path|route|nest|rapidoid|addEndpoint)\s*\(\s*/g;

export const jvm: Extractor = {
  extensions: ["java", "kt", "kts", "scala", "groovy"],
  looksLike: /@(?:\w+\.)*(?:GetMapping|RequestMapping|Path|Controller|Get|Route)\b|\b(?:get|GET|route|path)\s*\(\s*"/,
  extract(site, into) {
    const base = basePath(site.view);
    if (base) into.scopes.push({ file: site.file, from: 0, to: site.code.length + 1, prefix: base });
    annotated(site, into);
    called(site, into);
  },
};

const CONTEXT = [
  "server.servlet.context-path",
  "server.context-path",
  "spring.webflux.base-path",
  "spring.mvc.servlet.path",
  "micronaut.server.context-path",
  "quarkus.http.root-path",
];
const RESOURCES = ["quarkus.rest.path", "quarkus.resteasy.path"];
const known = new WeakMap<readonly string[], string>();

/** What the settings of the server, or the class of a JAX-RS application, put in front of each path. */
function basePath(view: View): string {
  const before = known.get(view.sources);
  if (before !== undefined) return before;
  const [application] = signsIn(view, APPLICATIONS);
  const parts = [setting(view, CONTEXT)?.value, setting(view, RESOURCES)?.value ?? application?.hit.match[1]];
  const base = parts.map((part) => part?.replace(/^\$\{[^}:]*:?([^}]*)\}$/, "$1") ?? "").join("/");
  const found = base.split("/").filter(Boolean).join("/");
  known.set(view.sources, found);
  return found;
}

const APPLICATIONS: readonly Sign<null>[] = [
  { in: "java kt", has: "ApplicationPath", pattern: /@ApplicationPath\s*\(\s*"([^"]*)"/g, value: null },
];

interface Annotated {
  at: number;
  end: number;
  kind: string;
  paths: string[];
  inside: string;
}

function annotated({ file, code, bare, constant }: Site, into: Registered): void {
  const found = [...bare.matchAll(ANNOTATION)].map((match): Annotated => {
    const [whole, kind = "", bracket] = match;
    const open = match.index + whole.length - 1;
    const end = bracket === undefined ? match.index + whole.length : closingBracket(bare, open) + 1;
    const inside = bracket === undefined ? "" : code.slice(open + 1, end - 1);
    return { at: match.index, end, kind, inside, paths: pathsOf(inside, constant) };
  });
  const classes = found.filter(({ end, kind }) => CLASS.test(bare.slice(end, end + 800)) || kind === "Controller");
  for (const [index, { end, paths, kind }] of classes.entries()) {
    if (paths[0] && !/^(?:RestController|Endpoint)$/.test(kind))
      into.scopes.push({
        file,
        from: end,
        to: classes.slice(index + 1).find((next) => next.at > endOfClass(bare, end))?.at ?? code.length,
        prefix: paths[0],
      });
  }
  for (const one of found) {
    if (classes.includes(one) || !answersGet(one, bare)) continue;
    for (const path of one.paths.length > 0 ? one.paths : [""])
      into.routes.push({ file, at: one.at, owner: "(annotated)", path, rule: "annotation", confidence: 0.85 });
  }
  // JAX-RS: @GET without a path of its own answers on the path of the class.
  for (const match of bare.matchAll(/@GET\b(?![^{;]*@Path)/g)) {
    const before = bare.slice(Math.max(0, match.index - 200), match.index);
    if (
      !/@Path\s*\([^)]*\)\s*(?:@\w+(?:\([^)]*\))?\s*)*$/.test(before) ||
      classes.some(({ end }) => /^(?:\s*@\w+(?:\([^)]*\))?)*\s*$/.test(bare.slice(end, match.index)))
    )
      into.routes.push({ file, at: match.index, owner: "(annotated)", path: "", rule: "annotation", confidence: 0.85 });
  }
}

function endOfClass(bare: string, from: number): number {
  const open = bare.indexOf("{", from);
  return open === -1 ? from : closingBracket(bare, open);
}

function answersGet({ kind, inside, end, at }: Annotated, bare: string): boolean {
  if (kind === "RequestMapping" || kind === "Route") return !/\bmethod/.test(inside) || /GET/i.test(inside);
  if (kind === "Path") return /@GET\b/.test(bare.slice(Math.max(0, at - 200), at) + bare.slice(end, end + 200));
  return /^Get/.test(kind);
}

function pathsOf(inside: string, constant: Site["constant"]): string[] {
  const written =
    /^\s*(?:(?:value|path|uri)\s*=\s*)?(\{[^}]*\}|\[[^\]]*\]|"[^"]*"(?:\s*\+\s*[\w."]+)*|[A-Z][\w.]*)/.exec(
      inside,
    )?.[1] ?? /\b(?:value|path|uri)\s*=\s*(\{[^}]*\}|\[[^\]]*\]|"[^"]*")/.exec(inside)?.[1];
  if (written === undefined) return [];
  if (/^[{[]/.test(written)) return [...written.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? "");
  const text = textOf(written, constant);
  return text === undefined ? [] : [text];
}

function called({ file, code, bare, constant }: Site, into: Registered): void {
  for (const match of bare.matchAll(CALL)) {
    const [whole, receiver = "", method = ""] = match;
    const open = match.index + whole.trimEnd().length - 1;
    const start = code.slice(open + 1);
    const written = /^\s*("[^"\n]*"|[A-Z][\w.]*)/.exec(start)?.[1];
    const path = written === undefined ? undefined : textOf(written, constant);
    if (
      path === undefined ||
      /^(?:restTemplate|client|webClient|mockMvc|map|params|headers|request|req|cache|properties|env|config|Paths|Path|of|http|given|uriBuilder)$/i.test(
        receiver,
      )
    )
      continue;
    const close = closingBracket(bare, open);
    const behind = bare.slice(close + 1, close + 40);
    const isBlock = /^\s*\{/.test(behind);
    if (/^(?:route|path|nest)$/.test(method)) {
      const to = isBlock ? closingBracket(bare, close + 1 + behind.indexOf("{")) : close;
      if (isBlock || /->|\{/.test(bare.slice(open, close))) into.scopes.push({ file, from: open, to, prefix: path });
      continue;
    }
    const handled =
      isBlock ||
      /,/.test(bare.slice(open, close)) ||
      /^\s*\.\s*(?:handler|respond|to)\b/.test(behind) ||
      method === "GET";
    if (handled) into.routes.push({ file, at: match.index, owner: "(called)", path, rule: "route", confidence: 0.8 });
  }
}
