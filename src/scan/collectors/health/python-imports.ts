import { folderOf, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { importsOf } from "../python/imports.ts";
import type { Mount } from "./route.ts";
import type { Site } from "./site.ts";

/** The routers that `health.router`, `router` or `bp` of a file mean. */
export function pythonTargets({ view, file, code }: Site, argument: string): Mount["to"] {
  const [, first = "", rest] = /^(\w+)(?:\.([\w.]+))?$/.exec(argument) ?? [];
  if (first === "") return [];
  for (const { module, level, names } of importsOf(view.snapshot, file)) {
    const taken = names.find(({ as }) => as === first);
    const whole = names.length === 0 && level === 0 && argument.startsWith(`${module}.`);
    const from = ".".repeat(level) + module;
    const found = taken
      ? inModule(view, file, from, taken.name)
      : whole
        ? fileOf(moduleFile(view, file, module))
        : undefined;
    if (!found) continue;
    const inside = whole ? argument.slice(module.length + 1) : rest;
    const owner = found.name ?? inside?.split(".").at(-1);
    return [owner === undefined ? { file: found.file } : { file: found.file, owner }];
  }
  return new RegExp(`(?:^|\\n)[ \\t]*${first}[ \\t]*(?::[^=\\n]+)?=`).test(code) ? [{ file, owner: argument }] : [];
}

interface Taken {
  file: string;
  /** What it is called in the file, where the file is not meant as a whole. */
  name?: string;
}

/** What `from module import name` takes: a module, or a name of one. */
function inModule(view: View, file: string, from: string, name: string): Taken | undefined {
  const whole = moduleFile(view, file, from.endsWith(".") ? `${from}${name}` : `${from}.${name}`);
  const holder = moduleFile(view, file, from);
  return fileOf(whole) ?? (holder === undefined ? undefined : (handedOn(view, holder, name) ?? { file: holder, name }));
}

/** A package hands on names of its modules: `from .health import router as health_router`. */
function handedOn(view: View, holder: string, name: string): Taken | undefined {
  if (!holder.endsWith("/__init__.py")) return undefined;
  for (const { module, level, names } of importsOf(view.snapshot, holder)) {
    const found = names.some(({ as }) => as === name)
      ? moduleFile(view, holder, ".".repeat(level) + module)
      : undefined;
    if (found !== undefined && found !== holder) return { file: found };
  }
  return undefined;
}

function fileOf(file: string | undefined): Taken | undefined {
  return file === undefined ? undefined : { file };
}

/** The file of a dotted name: below the importing file where it begins with a dot, else below the unit or its source folders. */
export function moduleFile({ snapshot, unit }: View, file: string, module: string): string | undefined {
  const [, dots = "", name = ""] = /^(\.*)(.*)$/.exec(module) ?? [];
  const path = name.replace(/\.$/, "").replaceAll(".", "/");
  const up = "../".repeat(Math.max(0, dots.length - 1));
  const bases =
    dots === ""
      ? [
          unit.path,
          joinPath(unit.path, "src"),
          folderOf(file),
          folderOf(folderOf(file)),
          joinPath(unit.path, "app"),
          ".",
        ]
      : [joinPath(folderOf(file), up || ".")];
  return bases
    .flatMap((base) =>
      base === undefined ? [] : [joinPath(base, `${path}.py`), joinPath(base, `${path}/__init__.py`)],
    )
    .find((at): at is string => at !== undefined && snapshot.has(at));
}
