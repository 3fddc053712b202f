import { mask } from "../formats/mask.ts";
import { familyOf } from "../formats/mask-syntax.ts";
import { extensionOf } from "../formats/tree.ts";

/** Where code is added to a file of the application, and as what; undefined where a person has to choose. */
export interface Placed {
  text: string;
  /** The line below which it goes; the end of the file without one. */
  below?: string;
}

interface Maker {
  /** The line that makes the application; the first group is its indentation, the second its name. */
  line: RegExp;
  /** The name that the code to be added has for it. */
  name: string;
  /** Begins a block: what is added stands deeper. */
  opens?: boolean;
}

const script = (call: string, indent = ""): Maker => ({
  line: new RegExp(String.raw`^(${indent})(?:export )?(?:const|let|var) (\w+)(?:: [\w.<>]+)? = ${call};?$`),
  name: "app",
});
const python = (call: string): Maker => ({ line: new RegExp(String.raw`^()(\w+)(?:: \w+)? = ${call}$`), name: "app" });
const go = (call: string, name: string): Maker => ({ line: new RegExp(String.raw`^(\t+)(\w+) := ${call}$`), name });

/** Routes and settings work wherever they stand behind this line and before what takes all requests: right below it. */
const MAKERS: Record<string, Maker> = {
  express: script(String.raw`(?:express|require\(["']express["']\))\(\)`),
  koa: script(String.raw`new Koa\(\)`),
  hono: script(String.raw`new Hono(?:<[^()]*>)?\(\)`),
  fastify: script(String.raw`(?:[Ff]astify|require\(["']fastify["']\))\(.*\)`),
  elysia: script(String.raw`new Elysia\(\)`),
  nest: script(String.raw`await NestFactory\.create(?:<\w+>)?\(.*\)`, String.raw`\s+`),
  flask: python(String.raw`Flask\(.*\)`),
  fastapi: python(String.raw`FastAPI\(.*\)`),
  starlette: python(String.raw`Starlette\(.*\)`),
  gin: go(String.raw`gin\.(?:Default|New)\(\)`, "r"),
  chi: go(String.raw`chi\.New(?:Router|Mux)\(\)`, "r"),
  echo: go(String.raw`echo\.New\(\)`, "e"),
  fiber: go(String.raw`fiber\.New\(.*\)`, "app"),
  gorilla: go(String.raw`mux\.NewRouter\(\)`, "http(?=.HandleFunc)"),
  "net-http": go(String.raw`http\.NewServeMux\(\)`, "http(?=.HandleFunc)"),
};
/** Routes of Go's own server, where it has no other table of them. */
const MAIN: Maker = { line: /^()(func main)\(\) \{$/, name: "(?!)", opens: true };
const DEFAULT_ROUTES = /\bhttp\.Handle(?:Func)?\([\s\S]*\bhttp\.ListenAndServe\([^\n]*, nil\)/;
/** A server of Node.js that has a name: it is stopped by that. */
const SERVER =
  /^(?:export )?(?:const|let|var) (\w+)(?:: [\w.<>]+)? = (?:\w+\.(?:listen|createServer)|createServer|serve)\(/gm;
/** Code that starts a server itself takes the place of a line: that is for people. */
const STARTS = /\.(?:ListenAndServe|ListenAndServeTLS|Start|Listen|listen)\(/;
const STOP = /^for \(const signal of [\s\S]*\bserver\.close\b[\s\S]*$/m;

/** Finds the place for code in a file. Pure. */
export function placeCode(framework: string, file: string, code: string, added: string): Placed | undefined {
  const place = placeBelow(framework, file, code, added) ?? atEnd(code, added);
  return place && clashes(place.text, code) ? undefined : place;
}

function placeBelow(framework: string, file: string, code: string, added: string): Placed | undefined {
  const own = Object.hasOwn(MAKERS, framework) ? MAKERS[framework] : undefined;
  const maker = framework === "net-http" && DEFAULT_ROUTES.test(code) ? MAIN : own;
  if (!maker) return undefined;
  const lines = code.split("\n");
  // What lies in a comment or a text makes nothing.
  const bare = mask(code, familyOf(extensionOf(file)) ?? "c").bare.split("\n");
  const makers = lines.flatMap((line, index) => {
    const found = maker.line.exec(line);
    const plain = bare[index] ?? "";
    return found && plain.trim() !== "" && (maker.opens || isWhole(plain)) ? [{ line, found }] : [];
  });
  const [only] = makers;
  if (!only || makers.length > 1 || lines.filter((line) => line === only.line).length > 1) return undefined;
  const [, outer = "", name = ""] = only.found;
  const indent = maker.opens ? "\t" : outer;
  const stop = STOP.exec(added)?.[0];
  const server = stop === undefined ? undefined : serverOf(code);
  if (stop !== undefined && server === undefined) return undefined;
  const text = stop === undefined ? added : stop.replaceAll(/\bserver\b/g, () => server ?? "");
  if (STARTS.test(text) || lacksImports(text, code)) return undefined;
  const renamed = text.replaceAll(new RegExp(String.raw`(?<![\w.])${maker.name}(?=[.,)])`, "g"), () => name);
  return { text: renamed.replaceAll(/^(?=.)/gm, indent), below: only.line };
}

/** Without a line that makes an application only the end of a server has a place: the end of the file. */
function atEnd(code: string, added: string): Placed | undefined {
  const stop = STOP.exec(added)?.[0];
  const server = stop === undefined ? undefined : serverOf(code);
  if (stop === undefined || server === undefined) return undefined;
  return { text: stop.replaceAll(/\bserver\b/g, () => server) };
}

/** Whether Go would not build it: what it says it needs, or uses of `net/http`, is not imported. */
function lacksImports(added: string, code: string): boolean {
  const named = /^\/\/ imports: (.*)$/m.exec(added)?.[1]?.split(", ") ?? [];
  const needed = /\bhttp\.[A-Z]/.test(added) ? [...named, "net/http"] : named;
  return needed.some((path) => !code.includes(`"${path}"`));
}

/** The name of the only server that a file makes. */
function serverOf(code: string): string | undefined {
  const names = [...code.matchAll(SERVER)].map(([, name]) => name);
  return names.length === 1 ? names[0] : undefined;
}

/** Whether as many brackets close on the line as open on it. */
function isWhole(line: string): boolean {
  const count = (sign: string) => line.split(sign).length;
  return count("(") === count(")") && count("{") === count("}") && count("[") === count("]");
}

/** Whether it would name something that the file has a name for already. */
function clashes(added: string, code: string): boolean {
  const names = [
    ...added.matchAll(/^(?:export )?(?:const|let|var|function|class|def|async def) (\w+)/gm),
    ...added.matchAll(/^(\w+) = /gm),
    ...added.matchAll(/^import (\w+) from /gm),
  ].map(([, name = ""]) => name);
  return names.some((name) => new RegExp(String.raw`\b${name}\b`).test(code));
}
