import { relative } from "node:path/posix";
import { type Document, isRecord, type Path, recordAt, stringAt, valueAt } from "../../../../formats/document.ts";
import { joinPath } from "../../../../formats/tree.ts";
import { inFolder } from "../manifest.ts";
import { nxProjects } from "../nx/projects.ts";
import type { Project } from "../project.ts";
import { type Site, type SiteReader, said, usual } from "./site.ts";

/** Builders that keep pages in a folder of their own, beside that of the server. */
const APPLICATION = /:application$/;

/** Angular: pages for browsers, and a server beside them where the workspace builds one. */
export const angularSite: SiteReader = (framed) => {
  const { project, row } = framed;
  const target = targetsIn(project);
  if (target === null) return { kind: "spa" };
  if (target === undefined) return { kind: "library" };
  const { document } = target;
  const at = (path: Path) => project.view.seenAt(target.file, document, nearest(document.value, path), "angular");
  const text = (path: Path) => stringAt(document.value, path);
  const folder = (path: string | undefined) => {
    const full = path === undefined ? undefined : joinPath(target.root, path);
    return full && (relative(project.view.unit.path, full) || ".");
  };
  const options: Path = [...target.path, "build", "options"];
  const output: Path = [...options, "outputPath"];
  const base = folder(text(output) ?? text([...output, "base"]) ?? `dist/${target.name}`) ?? "dist";
  const port = usual(framed, row.port ?? 4000);
  const mode = text([...options, "outputMode"]);
  const entry = valueAt(document.value, [...options, "ssr"]) ?? valueAt(document.value, [...options, "server"]);
  if (mode === "server" || (mode === undefined && entry !== undefined && entry !== false)) {
    const start = usual({ at: at(options) }, `node ${base}/server/server.mjs`);
    return { kind: "ssr", render: said(at(options), "server"), start, port };
  }
  const server: Path = [...target.path, "server"];
  const built = folder(text([...server, "options", "outputPath"]));
  if (built !== undefined && mode === undefined) {
    const start = usual({ at: at(server) }, `node ${built}/main.js`);
    return { kind: "ssr", render: said(at(server), "server"), start, port };
  }
  const named = valueAt(document.value, [...output, "browser"]);
  const build = [...target.path, "build"];
  const builder = text([...build, "builder"]) ?? text([...build, "executor"]) ?? "";
  const inner = typeof named === "string" ? named : APPLICATION.test(builder) ? "browser" : "";
  const pages: Site = { kind: "spa", output: said(at(output), inner === "" ? base : `${base}/${inner}`, 0.9) };
  return mode === "static"
    ? { ...pages, kind: "static", render: said(at([...options, "outputMode"]), "export") }
    : pages;
};

interface AngularTargets {
  file: string;
  document: Document;
  name: string;
  path: Path;
  /** What its folders are relative to. */
  root: string;
}

/** Where the targets of the package stand: null where no file says it, undefined where a file lists none. */
function targetsIn({ view: { snapshot, unit } }: Project): AngularTargets | null | undefined {
  const nx = nxProjects(snapshot).get(unit.path);
  if (nx && isRecord(valueAt(nx.value, ["targets", "build"]))) {
    const { file, document, name, inside, root } = nx;
    return { file, document, name, root, path: [...inside, "targets"] };
  }
  const file = ["angular.json", ".angular.json"]
    .map((base) => inFolder(unit.path, base))
    .find((path) => snapshot.has(path));
  if (file === undefined) return null;
  const document = snapshot.json(file);
  const found = applicationIn(document.value);
  return found && { file, document, ...found, root: unit.path };
}

/** The project that is built when none is named, and where its targets stand. */
function applicationIn(value: unknown): { name: string; path: Path } | undefined {
  const projects = recordAt(value, ["projects"]);
  const wanted = stringAt(value, ["defaultProject"]);
  const names = Object.keys(projects).filter((one) => stringAt(projects, [one, "projectType"]) !== "library");
  const name = names.find((one) => one === wanted) ?? names.find((one) => !one.endsWith("-e2e"));
  if (name === undefined) return undefined;
  const key = valueAt(projects, [name, "architect"]) === undefined ? "targets" : "architect";
  return { name, path: ["projects", name, key] };
}

/** The longest part of a path that the document has. */
function nearest(value: unknown, path: Path): Path {
  return path.length === 0 || valueAt(value, path) !== undefined ? path : nearest(value, path.slice(0, -1));
}
