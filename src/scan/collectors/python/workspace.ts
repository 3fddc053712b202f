import picomatch from "picomatch";
import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { baseOf, folderOf, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { dependenciesOf } from "../../dependencies.ts";
import { relative } from "./imports.ts";
import type { PythonProject } from "./project.ts";

/** Claims the uv workspace that a project is in, and the projects of the repository that it needs. */
export function claimWorkspace({ view, folder }: PythonProject): void {
  if (folder !== view.unit.path) return;
  const file = joinPath(folder, "pyproject.toml") as string;
  const document = view.snapshot.toml(file);
  const root = workspaceOf(view);
  if (root !== undefined) {
    const path = joinPath(root, "pyproject.toml") as string;
    const at = view.seenAt(path, view.snapshot.toml(path), ["tool", "uv", "workspace"], "workspace");
    view.claim("workspace", root, { source: "project", at });
  }
  for (const [name, source] of Object.entries(recordAt(document.value, ["tool", "uv", "sources"]))) {
    const at = view.seenAt(file, document, ["tool", "uv", "sources", name], "source");
    const path = stringAt(source, ["path"]);
    const isMember = recordAt(source).workspace === true;
    const target = path !== undefined ? joinPath(folder, path) : isMember ? memberNamed(view, root, name) : undefined;
    if (target !== undefined) internal(view, target, at);
  }
  for (const { path, ecosystem, place, file: at } of dependenciesOf(view.snapshot, folder))
    if (ecosystem === "pypi" && path !== null) internal(view, path, view.seen(at, place(), "path"));
  for (const { path, line, file: at } of editable(view, folder)) internal(view, path, view.seen(at, line, "path"));
}

function internal(view: View, path: string, at: ReturnType<View["seen"]>): void {
  if (path === view.unit.path || !view.units.some((unit) => unit.path === path)) return;
  view.claimEach("internal", path, { path }, { source: "project", at });
}

/** The folder whose pyproject.toml counts the unit among its members. */
function workspaceOf({ snapshot, unit }: View): string | undefined {
  for (let folder = unit.path; ; folder = folderOf(folder)) {
    const workspace = recordAt(snapshot.toml(joinPath(folder, "pyproject.toml") as string).value, [
      "tool",
      "uv",
      "workspace",
    ]);
    const matches = (key: string) =>
      listAt(workspace, [key]).some((glob) => isMatch(String(glob), relative(unit.path, folder)));
    if (folder === unit.path ? Object.keys(workspace).length > 0 : matches("members") && !matches("exclude"))
      return folder;
    if (folder === ".") return undefined;
  }
}

function isMatch(glob: string, path: string): boolean {
  try {
    return picomatch.isMatch(path, glob.replace(/\/+$/, "").replace(/^\.\//, ""));
  } catch {
    return false;
  }
}

function memberNamed({ snapshot, units }: View, root: string | undefined, name: string): string | undefined {
  if (root === undefined) return undefined;
  const compared = (text: string) => text.toLowerCase().replace(/[-_.]+/g, "-");
  return units.find(({ path }) => {
    const own = stringAt(snapshot.toml(joinPath(path, "pyproject.toml") as string).value, ["project", "name"]);
    return own !== undefined && compared(own) === compared(name);
  })?.path;
}

/** `-e ../lib` and `./lib` of requirement files. */
function editable({ snapshot, files }: View, folder: string): { file: string; line: number; path: string }[] {
  return files
    .filter((file) => /requirements?[\w.-]*\.(?:txt|in)$/.test(baseOf(file)))
    .flatMap((file) =>
      (snapshot.text(file) ?? "").split("\n").flatMap((text, index) => {
        const path = /^\s*(?:-e\s+|--editable[\s=]+)?(?:file:)?(\.{1,2}\/[\w./-]*)(?:\[[^\]]*\])?\s*(?:#.*)?$/.exec(
          text,
        )?.[1];
        const target = path === undefined ? undefined : (joinPath(folderOf(file), path) ?? joinPath(folder, path));
        return target === undefined ? [] : [{ file, line: index + 1, path: target }];
      }),
    );
}
