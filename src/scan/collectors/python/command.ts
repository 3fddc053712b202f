import { recordAt } from "../../../formats/document.ts";
import { baseOf, extensionOf, folderOf, joinPath } from "../../../formats/tree.ts";
import { quoted } from "../javascript/commands/step.ts";
import { importsOf, moduleOf, relative } from "./imports.ts";
import type { PythonProject } from "./project.ts";

const GUARD = /^if[ \t]+__name__[ \t]*==/m;
/** Tables of pyproject.toml with commands that an installation makes. */
export const COMMAND_TABLES: readonly (readonly string[])[] = [
  ["project", "scripts"],
  ["tool", "poetry", "scripts"],
  ["tool", "flit", "scripts"],
];

/** How a file is run as a program; where it only has a function that serves, what calls it. */
export function scriptCommand(project: PythonProject, file: string, line?: number): string {
  const { view } = project;
  const code = view.snapshot.code(file)?.code ?? "";
  const isCalled = line === undefined || /^\S/.test(code.split("\n")[line - 1] ?? "");
  if (isCalled || GUARD.test(code) || baseOf(file) === "__main__.py") return direct(project, file);
  const { module } = moduleOf(view, file, project.isInstalled);
  const beside = joinPath(folderOf(file), "__main__.py") as string;
  if (view.snapshot.has(beside)) return direct(project, beside);
  return installedCommand(project, module) ?? direct(project, callerOf(project, module) ?? file);
}

/** `python main.py`, or `python -m shop.main` where what it imports is found from a folder above. */
function direct({ view, isInstalled }: PythonProject, file: string): string {
  const { root, module, isShown } = moduleOf(view, file, isInstalled);
  const inside = relative(file, view.unit.path);
  const folder = joinPath(view.unit.path, root) as string;
  if (baseOf(file) === "__main__.py")
    return `python -m ${module.replace(/\.?__main__$/, "") || relative(folderOf(file), view.unit.path)}`;
  if (!isShown || folderOf(file) === folder || root !== ".") return `python ${quoted(inside)}`;
  return `python -m ${module}`;
}

/** The command of the project that calls into a module. */
function installedCommand({ view, folder, isInstalled }: PythonProject, module: string): string | undefined {
  if (!isInstalled) return undefined;
  const { value } = view.snapshot.toml(joinPath(folder, "pyproject.toml") as string);
  const commands = COMMAND_TABLES.flatMap((path) => Object.entries(recordAt(value, path)));
  return commands.find(([, target]) => String(target).split(":")[0] === module)?.[0];
}

/** A program near the root that imports a module, and runs: by a guard, or by calling what it imported. */
function callerOf({ view }: PythonProject, module: string): string | undefined {
  const callers = view.sources.filter((file) => {
    if (extensionOf(file) !== "py") return false;
    const imported = importsOf(view.snapshot, file).filter((one) => one.level === 0 && one.module === module);
    if (imported.length === 0) return false;
    const code = view.snapshot.code(file)?.code ?? "";
    const names = imported.flatMap((one) =>
      one.names.length > 0 ? one.names.map(({ as }) => as) : [`${module}\\.\\w+`],
    );
    return GUARD.test(code) || (names.length > 0 && new RegExp(`^(?:${names.join("|")})[ \\t]*\\(`, "m").test(code));
  });
  return callers.toSorted((a, b) => a.split("/").length - b.split("/").length)[0];
}
