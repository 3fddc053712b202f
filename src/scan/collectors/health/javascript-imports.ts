import { lazy } from "../../../core/lazy.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import type { Snapshot } from "../../snapshot.ts";
import type { Mount } from "./route.ts";
import type { Site } from "./site.ts";

export interface Imports {
  /** The routers that an argument names: a variable of the file, what it imports, `require("./x")`. */
  targets(argument: string): Mount["to"];
}

const IMPORT = /\bimport\s+(?:type\s+)?([\w$]+)?\s*,?\s*(?:\{([^}]*)\}|\*\s*as\s+([\w$]+))?\s*from\s*(["'])([^"']+)\4/g;
const REQUIRE =
  /\b(?:const|let|var)\s+(?:([\w$]+)|\{([^}]*)\})\s*(?::[^=]+)?=\s*(?:await\s+)?(?:require|import)\(\s*(["'])([^"']+)\3\s*\)/g;
const REEXPORT = /\bexport\s+(?:\*(?:\s+as\s+([\w$]+))?|\{([^}]*)\})\s*from\s*(["'])([^"']+)\3/g;
const ENDINGS = [
  "",
  ".ts",
  ".js",
  ".mjs",
  ".cjs",
  ".tsx",
  ".jsx",
  ".mts",
  ".cts",
  "/index.ts",
  "/index.js",
  "/index.mjs",
  "/index.cjs",
  "/index.tsx",
];

/** What a file imports from the repository itself, looked up when it is first asked for. */
export function importsOf({ view: { snapshot, unit }, file, code }: Site): Imports {
  const known = lazy(() => namesOf(snapshot, file, unit.path, code));
  return {
    targets(argument) {
      const inline = /^(?:await\s+)?(?:require|import)\(\s*["'`]([^"'`]+)["'`]\s*\)/.exec(argument)?.[1];
      if (inline !== undefined) return filesOf(snapshot, file, unit.path, inline);
      const name = /^(?:new\s+)?([A-Za-z_$][\w$]*)/.exec(argument)?.[1];
      if (name === undefined || /^(?:async|function|express|cors|helmet)$/.test(name) || /^\w+\s*=>/.test(argument))
        return [];
      const imported = known().get(name);
      if (imported) return imported;
      return new RegExp(`\\b(?:const|let|var|function)\\s+${name.replaceAll("$", "\\$")}\\b`).test(code)
        ? [{ file, owner: name }]
        : [];
    },
  };
}

function namesOf(snapshot: Snapshot, file: string, unit: string, code: string): Map<string, Mount["to"]> {
  const names = new Map<string, Mount["to"]>();
  const note = (name: string | undefined, specifier: string, exported: string | undefined) => {
    if (!name) return;
    const found = filesOf(snapshot, file, unit, specifier).flatMap((target) =>
      handedOn(snapshot, target.file, unit, exported),
    );
    if (found.length > 0) names.set(name, found);
  };
  const each = (list: string | undefined, specifier: string) => {
    for (const item of (list ?? "").split(",")) {
      const [exported = "", local = exported] = item
        .trim()
        .replace(/^type\s+/, "")
        .split(/\s+as\s+|\s*:\s*/);
      note(local, specifier, exported);
    }
  };
  for (const [, standard, list, all, , specifier = ""] of code.matchAll(IMPORT)) {
    note(standard, specifier, "default");
    note(all, specifier, undefined);
    each(list, specifier);
  }
  for (const [, name, list, , specifier = ""] of code.matchAll(REQUIRE)) {
    note(name, specifier, undefined);
    each(list, specifier);
  }
  return names;
}

/** The file itself, and those whose exports it hands on: `export { default as health } from "./health"`. */
function handedOn(snapshot: Snapshot, file: string, unit: string, name: string | undefined): Mount["to"] {
  const code = snapshot.code(file)?.code ?? "";
  const others = [...code.matchAll(REEXPORT)].flatMap(([, space, list, , specifier = ""]) => {
    const names = (list ?? "").split(",").map((item) =>
      item
        .trim()
        .split(/\s+as\s+/)
        .at(-1),
    );
    const fits =
      name === undefined || (list === undefined ? space === undefined || space === name : names.includes(name));
    return fits ? filesOf(snapshot, file, unit, specifier) : [];
  });
  return [{ file }, ...others];
}

function filesOf(snapshot: Snapshot, from: string, unit: string, specifier: string): { file: string }[] {
  const bases = specifier.startsWith(".")
    ? [joinPath(folderOf(from), specifier)]
    : aliases(specifier).flatMap((path) => [
        joinPath(unit, path),
        joinPath(unit, `src/${path}`),
        joinPath(unit, `app/${path}`),
      ]);
  for (const base of bases) {
    const plain = base?.replace(/\.(?:js|mjs|cjs|jsx)$/, "");
    const found = [base, plain]
      .flatMap((at) => (at === undefined ? [] : ENDINGS.map((ending) => at + ending)))
      .find((path) => snapshot.has(path));
    if (found !== undefined) return [{ file: found }];
  }
  return [];
}

/** `@/routes`, `~/routes`, `#routes`, `src/routes` are the usual names of a project's own folders. */
function aliases(specifier: string): string[] {
  const inner = /^(?:@|~|#|@app|@src|\$lib)\/(.+)$/.exec(specifier)?.[1] ?? /^#(.+)$/.exec(specifier)?.[1];
  if (inner !== undefined) return [inner];
  return /^(?:src|app|server|routes|lib)\//.test(specifier) ? [specifier] : [];
}
