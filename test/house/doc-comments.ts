import { dirname, join, normalize } from "node:path";
import { parseSync } from "vite";
import { read } from "./files.ts";

interface Module {
  path: string;
  /** Exported functions and whether a doc comment stands before them. */
  functions: { name: string; documented: boolean; line: number }[];
  imports: { from: string; name: string }[];
}

/** Exported functions that another room of `src/` uses and that have no doc comment, as `path:line name`. */
export function undocumented(paths: string[]): string[] {
  const modules = paths.map(readModule);
  const used = new Set(
    modules.flatMap(({ path, imports }) =>
      imports.filter(({ from }) => room(from) !== room(path)).map(({ from, name }) => `${from} ${name}`),
    ),
  );
  return modules.flatMap(({ path, functions }) =>
    functions
      .filter(({ name, documented }) => !documented && used.has(`${path} ${name}`))
      .map(({ name, line }) => `${path}:${line} ${name}`),
  );
}

/** `src/deploy/steps/units.ts` is in the room `src/deploy`. */
function room(path: string): string {
  return path.split("/").slice(0, 2).join("/");
}

function readModule(path: string): Module {
  const text = read(path);
  const { program, module, comments } = parseSync(path, text);
  const ends = comments.filter(({ type, value }) => type === "Block" && value.startsWith("*")).map(({ end }) => end);
  const documented = (start: number) => ends.some((end) => end <= start && text.slice(end, start).trim() === "");
  const functions = program.body.flatMap((node) => {
    if (node.type !== "ExportNamedDeclaration" || node.declaration?.type !== "FunctionDeclaration") return [];
    const line = text.slice(0, node.start).split("\n").length;
    return [{ name: node.declaration.id?.name ?? "", documented: documented(node.start), line }];
  });
  const imports = module.staticImports.flatMap(({ moduleRequest, entries }) =>
    moduleRequest.value.startsWith(".")
      ? entries.map(({ importName }) => ({
          from: normalize(join(dirname(path), moduleRequest.value)),
          name: importName.name ?? "",
        }))
      : [],
  );
  return { path, functions, imports };
}
