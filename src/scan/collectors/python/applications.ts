import { baseOf, extensionOf } from "../../../formats/tree.ts";
import { closingBracket } from "../../call-arguments.ts";
import type { View } from "../../collector.ts";
import type { Evidence } from "../../fact.ts";
import { hitsIn } from "../../search.ts";
import type { PythonFramework } from "../../tables/python-frameworks.ts";
import { importers, importsOf } from "./imports.ts";

/** An application object, or the function that makes it. */
export interface Application {
  file: string;
  /** Variable or function of the module. */
  name: string;
  isFactory: boolean;
  /** Only made when the file itself is run. */
  isLocal: boolean;
  at: Evidence;
}

/** A function that no server can call, since it has to be told something. */
interface Made extends Application {
  needsArguments: boolean;
}

interface Scope {
  /** `def` that the line is in, at the left margin. */
  factory?: { name: string; needsArguments: boolean };
  isLocal: boolean;
  isNested: boolean;
}

const ENTRY_NAMES = ["wsgi", "asgi", "main", "app", "server", "run", "application", "index", "api", "__init__", "web"];
const OTHER_TASK =
  /(?:^|[/_-])(?:celery|worker|tasks?|manage|seed|cli|scripts?|tools?|migrat\w*|alembic|example|old|backup|bak|test|conftest|config|jobs?|cron|util(?:s|ities)?|notebooks?)(?:[/_.-]|$)/i;
const VARIABLES = ["app", "application", "server", "api", "asgi_app"];
const REEXPORTING = /^(?:wsgi|asgi|main|app|server|run|application|index)\.py$/;

/** The application objects of a framework in the code of a unit, the likeliest first. */
export function findApplications(view: View, framework: PythonFramework): Application[] {
  const files = importers(view, framework.modules);
  const constructors = [...framework.constructors, ...subclassesIn(view, files, framework)];
  const made = files.flatMap((file) => constructed(view, file, constructors));
  const factories = new Set(made.filter(({ isFactory }) => isFactory).map(({ name }) => name));
  const called = callsOf(view, factories);
  const callable = made.filter(({ needsArguments }) => !needsArguments);
  const named = new Set(
    [...callable, ...called].filter((one) => !one.isFactory && !one.isLocal).map(({ name }) => name),
  );
  const found = [...callable, ...called, ...reexported(view, named)];
  const all = (found.length > 0 ? found : entriesOf(view, framework, files)).map((one) => wrapped(view, one));
  const unique = [...new Map(all.map((one) => [`${one.file}:${one.name}`, one])).values()];
  return unique.sort((a, b) => score(view, a) - score(view, b));
}

/** Classes of the project that are made from those of the framework: `class Shop(Flask)`. */
function subclassesIn({ snapshot }: View, files: readonly string[], { constructors }: PythonFramework): string[] {
  const bases = constructors.filter((name) => /^[A-Z]/.test(name)).join("|");
  if (bases === "") return [];
  const shape = new RegExp(`^class[ \\t]+(\\w+)\\([^)]*?\\b(?:${bases})\\b[^)]*\\)`, "gm");
  return files.flatMap((file) =>
    [...(snapshot.code(file)?.bare ?? "").matchAll(shape)].map(([, name]) => name as string),
  );
}

/** Where the object is made in a way that no rule knows: the file that is there for servers, and what it calls the object. */
function entriesOf(view: View, { serve }: PythonFramework, files: readonly string[]): Application[] {
  if (serve === "script" || files.length === 0) return [];
  const shape = /^(app|application|asgi_app|api)[ \t]*(?::[^=\n]+)?=[ \t]*\w/gm;
  const named = view.sources.filter((file) => /^(?:wsgi|asgi|main|app|server)\.py$/.test(baseOf(file)));
  return named.flatMap((file) =>
    hitsIn(view.snapshot.code(file)?.bare ?? "", shape, file)
      .slice(0, 1)
      .map(({ match, place }) => ({
        file,
        name: match[1] as string,
        isFactory: false,
        isLocal: false,
        at: view.seen(file, place, "entry"),
      })),
  );
}

function constructed(view: View, file: string, constructors: readonly string[]): Made[] {
  const masked = view.snapshot.code(file);
  if (!masked || constructors.length === 0) return [];
  const calls = constructors.map((name) => name.replaceAll(".", "\\.")).join("|");
  const assigned = new RegExp(
    `^([ \\t]*)((?:\\w+(?:[ \\t]*,[ \\t]*\\w+)*[ \\t]*(?::[^=\\n]+)?=[ \\t]*)+|return[ \\t]+)(?:[\\w.]+\\.)?(?:${calls})[ \\t]*\\(`,
    "gm",
  );
  return hitsIn(masked.bare, assigned, file).flatMap(({ match, place }): Made[] => {
    const [, indent = "", target = ""] = match;
    const scope = scopeOf(masked.bare, match.index, indent.length);
    if (scope.isNested) return [];
    const at = view.seen(file, place, "application");
    const names = target.split("=").map((part) => part.replace(/[,:].*$/s, "").trim());
    const name = VARIABLES.find((variable) => names.includes(variable)) ?? names[0] ?? "";
    if (scope.factory) {
      const isReturned = target.startsWith("return") || returns(masked.bare, match.index, name);
      const { name: factory, needsArguments } = scope.factory;
      return [{ file, name: factory, isFactory: isReturned, isLocal: !isReturned, needsArguments, at }];
    }
    if (target.startsWith("return")) return [];
    return [{ file, name, isFactory: false, isLocal: scope.isLocal, needsArguments: false, at }];
  });
}

/** Whether the function that a place is in returns a variable. */
function returns(bare: string, index: number, name: string): boolean {
  const rest = bare.slice(index);
  const end = /\n(?=[^\s#)])/.exec(rest)?.index ?? rest.length;
  return new RegExp(`\\breturn\\b[^\\n]*\\b${name}\\b`).test(rest.slice(0, end));
}

/** What the blocks around an indented line are. */
function scopeOf(bare: string, index: number, indent: number): Scope {
  const lines = bare.slice(0, index).split("\n").slice(0, -1);
  let margin = indent;
  const scope: Scope = { isLocal: false, isNested: false };
  for (let at = lines.length - 1; at >= 0 && margin > 0; at -= 1) {
    const line = lines[at] as string;
    const own = line.search(/\S/);
    if (own === -1 || own >= margin) continue;
    // The end of a signature over several lines belongs to the `def` above it.
    if (/^\s*\)/.test(line)) continue;
    margin = own;
    const name = /^\s*(?:async[ \t]+)?def[ \t]+(\w+)/.exec(line)?.[1];
    if (/^\s*if[ \t]+__name__/.test(line)) scope.isLocal = true;
    if (/^\s*class\b/.test(line) || (name !== undefined && own > 0)) scope.isNested = true;
    if (name !== undefined && own === 0)
      scope.factory = { name, needsArguments: /^async\b/.test(line) || needsArguments(bare, lines, at) };
  }
  return scope;
}

function needsArguments(bare: string, lines: readonly string[], at: number): boolean {
  const start = lines.slice(0, at).join("\n").length + (at === 0 ? 0 : 1);
  const open = bare.indexOf("(", start);
  const parameters = bare.slice(open + 1, closingBracket(bare, open)).replace(/\[[^\]]*\]/g, "");
  return parameters.split(",").some((part) => part.trim() !== "" && !part.includes("=") && !/^\s*[*/]/.test(part));
}

/** `app = create_app()` in any file. */
function callsOf(view: View, factories: ReadonlySet<string>): Application[] {
  if (factories.size === 0) return [];
  const call = new RegExp(
    `^([ \\t]*)(\\w+)[ \\t]*(?::[^=\\n]+)?=[ \\t]*(?:\\w+\\.)*(?:${[...factories].join("|")})[ \\t]*\\(`,
    "gm",
  );
  return view.sources.flatMap((file): Application[] => {
    const text = extensionOf(file) === "py" ? (view.snapshot.text(file) ?? "") : "";
    const masked = [...factories].some((name) => text.includes(name)) ? view.snapshot.code(file) : undefined;
    return hitsIn(masked?.bare ?? "", call, file).flatMap(({ match, place }): Application[] => {
      const scope = scopeOf(masked?.bare ?? "", match.index, (match[1] ?? "").length);
      if (scope.isNested || scope.factory) return [];
      const at = view.seen(file, place, "application");
      return [{ file, name: match[2] as string, isFactory: false, isLocal: scope.isLocal, at }];
    });
  });
}

/** `wsgi.py` with `from shop import app as application`. */
function reexported(view: View, names: ReadonlySet<string>): Application[] {
  return view.sources
    .filter((file) => REEXPORTING.test(baseOf(file)))
    .flatMap((file) =>
      importsOf(view.snapshot, file).flatMap((one) =>
        one.names
          .filter(({ name }) => names.has(name) && VARIABLES.includes(name))
          .map(({ as }): Application => {
            const line = (view.snapshot.text(file) ?? "").slice(0, one.offset).split("\n").length;
            return { file, name: as, isFactory: false, isLocal: false, at: view.seen(file, line, "application") };
          }),
      ),
    );
}

/** Socket.IO puts itself around the application: its object is what a server has to load. */
function wrapped(view: View, found: Application): Application {
  const code = view.snapshot.code(found.file)?.bare ?? "";
  const around = new RegExp(`^(\\w+)[ \\t]*=[ \\t]*(?:\\w+\\.)*ASGIApp\\([^)]*\\b${found.name}\\b`, "gm");
  const [hit] = found.isFactory ? [] : hitsIn(code, around, found.file);
  return hit ? { ...found, name: hit.match[1] as string, at: view.seen(found.file, hit.place, "application") } : found;
}

function score(view: View, { file, name, isFactory, isLocal }: Application): number {
  const inside = view.unit.path === "." ? file : file.slice(view.unit.path.length + 1);
  const entry = ENTRY_NAMES.indexOf(baseOf(inside).replace(/\.py$/, ""));
  const variable = VARIABLES.indexOf(name);
  const mounted = new RegExp(`\\.mount\\([^)]*\\b${name}\\b`).test(view.snapshot.code(file)?.bare ?? "");
  return (
    (entry === -1 ? ENTRY_NAMES.length : entry) +
    (inside.split("/").length - 1) * 1.5 +
    (variable === -1 ? 4 : variable * 0.4) +
    (mounted ? 20 : 0) +
    (isFactory ? 30 : 0) +
    (isLocal ? 40 : 0) +
    (OTHER_TASK.test(inside) ? 60 : 0)
  );
}
