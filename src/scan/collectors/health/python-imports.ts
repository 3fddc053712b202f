import { folderOf, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Mount } from "./route.ts";
import type { Site } from "./site.ts";

const IMPORT = /(?:^|\n)[ \t]*(?:from\s+([\w.]+)\s+)?import\s+(\([^)]*\)|[^\n]+)/g;

/** The routers that `health.router`, `router` or `bp` of a file mean. */
export function pythonTargets({ view, file, code }: Site, argument: string): Mount["to"] {
  const [, first = "", rest] = /^(\w+)(?:\.([\w.]+))?$/.exec(argument) ?? [];
  if (first === "") return [];
  for (const [, from, list = ""] of code.matchAll(IMPORT))
    for (const item of list.replace(/[()]/g, "").split(",")) {
      const [name = "", alias] = item.trim().split(/\s+as\s+/);
      if ((alias ?? name.split(".")[0]) !== first) continue;
      const module = moduleOf(
        view,
        file,
        from,
        from === undefined ? (alias === undefined ? [name, rest].join(".") : name) : name,
      );
      if (module)
        return [
          {
            file: module.file,
            ...(module.whole && rest !== undefined
              ? { owner: rest.split(".").at(-1) as string }
              : module.whole
                ? {}
                : { owner: name }),
          },
        ];
    }
  return new RegExp(`(?:^|\\n)\\s*${first}\\s*(?::[^=\\n]+)?=`).test(code) ? [{ file, owner: argument }] : [];
}

/** The file of a module; `whole` where the name itself is the module and no name inside it. */
function moduleOf(
  view: View,
  file: string,
  from: string | undefined,
  name: string,
): { file: string; whole: boolean } | undefined {
  const whole = moduleFile(
    view,
    file,
    from === undefined ? name : from.endsWith(".") ? `${from}${name}` : `${from}.${name}`,
  );
  if (whole !== undefined) return { file: whole, whole: true };
  const holder = from === undefined ? undefined : moduleFile(view, file, from);
  return holder === undefined ? undefined : handedOn(view, holder, name);
}

/** A package hands on names of its modules: `from .health import router as health_router`. */
function handedOn(view: View, holder: string, name: string): { file: string; whole: boolean } {
  const code = holder.endsWith("/__init__.py") ? (view.snapshot.code(holder)?.code ?? "") : "";
  for (const [, from, list = ""] of code.matchAll(IMPORT))
    for (const item of list.replace(/[()]/g, "").split(",")) {
      const [inner = "", alias = inner] = item.trim().split(/\s+as\s+/);
      const found = alias === name && from !== undefined ? moduleFile(view, holder, from) : undefined;
      if (found !== undefined && found !== holder) return { file: found, whole: true };
    }
  return { file: holder, whole: false };
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
