import { parseDotenv } from "../../../formats/dotenv.ts";
import { joinPath, type Tree } from "../../../formats/tree.ts";
import { environmentVariable } from "../../../scan/environment.ts";

/**
 * Values that are compiled into pages and that people committed: the build takes them from their file. Undefined where there is none,
 * or where it holds anything that is not public.
 */
export function committedSettings(
  { path }: { path: string },
  tree: Tree,
): { file: string; names: string[] } | undefined {
  const file = joinPath(path, ".env.production") ?? ".env.production";
  const names = parseDotenv(tree.text(file) ?? "").map(({ key }) => key);
  const open = names.length > 0 && names.every((name) => environmentVariable(name).class === "public");
  return open ? { file, names } : undefined;
}
