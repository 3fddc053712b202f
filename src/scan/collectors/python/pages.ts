import { baseOf, folderOf } from "../../../formats/tree.ts";
import { relative } from "./imports.ts";
import type { PythonProject } from "./project.ts";

const NAMES = ["streamlit_app", "app", "main", "home", "index", "dashboard", "run", "frontend", "ui", "gui", "server"];

/** The file that a server of pages is given: the one beside `pages/`, of a usual name, near the root. */
export function pageEntry({ view }: PythonProject, files: readonly string[]): string | undefined {
  const weight = (file: string): number => {
    const inside = relative(file, view.unit.path);
    const name = NAMES.indexOf(
      baseOf(inside)
        .replace(/\.py$/, "")
        .toLowerCase()
        .replace(/^[^a-z]+/, ""),
    );
    const text = view.snapshot.text(file) ?? "";
    const holdsPages = view.files.some(
      (path) => folderOf(path) === `${folderOf(file) === "." ? "" : `${folderOf(file)}/`}pages`,
    );
    return (
      (inside.split("/").length - 1) * 6 +
      (name === -1 ? NAMES.length : name) -
      (/\bset_page_config\(/.test(text) ? 4 : 0) -
      (/\bst\.navigation\(/.test(text) ? 8 : 0) -
      (holdsPages ? 6 : 0) +
      (/(?:^|\/)(?:pages|components|utils?|views|lib|modules|src\/\w+)\//.test(inside) ? 12 : 0)
    );
  };
  return files.toSorted((a, b) => weight(a) - weight(b))[0];
}
