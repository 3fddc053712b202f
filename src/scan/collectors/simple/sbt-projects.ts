import { isIn, joinPath } from "../../../formats/tree.ts";

/** A project of a build of sbt. */
export interface SbtProject {
  id: string;
  /** Relative to the build. */
  folder: string;
  /** What the build says of it. */
  body: string;
}

const PROJECT = /\blazy\s+val\s+`?([\w-]+)`?\s*(?::\s*\w+\s*)?=\s*(?=\(?\s*(?:project|Project|crossProject)\b)/g;
const FOLDER = /\bin\s*\(?\s*file\s*\(\s*"([^"]*)"|\bProject\s*\([^)]*?file\s*\(\s*"([^"]*)"/;

/** The projects that a build describes: `lazy val api = (project in file("api"))`. */
export function sbtProjects(code: string): SbtProject[] {
  const heads = [...code.matchAll(PROJECT)];
  return heads.map(({ 1: id = "", index }, at) => {
    const body = code.slice(index, heads[at + 1]?.index);
    const [, inFile, asProject] = FOLDER.exec(body) ?? [];
    return { id, folder: joinPath(".", inFile ?? asProject ?? id) ?? ".", body };
  });
}

/** The project that a file belongs to; undefined for what lies in the root's own. */
export function projectOf(projects: readonly SbtProject[], inside: string): SbtProject | undefined {
  return projects
    .filter(({ folder }) => folder !== "." && isIn(inside, folder))
    .toSorted((a, b) => b.folder.length - a.folder.length)[0];
}
