import { recordAt } from "../formats/document.ts";
import { parseJson } from "../formats/json.ts";
import { folderOf, joinPath, type Tree } from "../formats/tree.ts";

/** How packages of services are installed whose folders have none yet: `npm ci in api`. `exists` looks below the repository. */
export function notInstalled(
  services: readonly { path: string; install: string | null }[],
  tree: Tree,
  exists: (path: string) => boolean,
): string[] {
  const lacking = services.filter(({ path, install }) => {
    const manifest = tree.text(joinPath(path, "package.json") ?? "");
    if (install === null || manifest === undefined) return false;
    const { dependencies } = recordAt(parseJson(manifest).value);
    if (Object.keys(recordAt(dependencies)).length === 0) return false;
    return ![path, ...above(path)].some((folder) =>
      ["node_modules", ".pnp.cjs"].some((name) => exists(joinPath(folder, name) ?? name)),
    );
  });
  return [...new Set(lacking.map(({ path, install }) => `${install}${path === "." ? "" : ` in ${path}`}`))].sort();
}

/** Folders in which packages of a workspace lie too. */
function above(path: string): string[] {
  return path === "." ? [] : [folderOf(path), ...above(folderOf(path))];
}
