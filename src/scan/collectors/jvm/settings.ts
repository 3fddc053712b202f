import { baseOf, folderOf, joinPath } from "../../../formats/tree.ts";
import { oncePerSnapshot } from "../../once.ts";
import type { Snapshot } from "../../snapshot.ts";

/** A project of a Gradle build. */
export interface GradleProject {
  /** File that lists it. */
  settings: string;
  /** Folder of the whole build. */
  root: string;
  /** `:services:api`; `:` is the root. */
  path: string;
  name: string;
}

const INCLUDE = /\binclude(?=[\s(])[\s(]*((?:["'][^"'\n]+["'][\s,]*)+)/g;
const FOLDER = /project\(\s*["']([^"']+)["']\s*\)\.projectDir\s*=\s*(?:new\s+File|file)\s*\(([^)]*)\)/g;
const once = oncePerSnapshot<ReadonlyMap<string, GradleProject>>();

/** The projects of all Gradle builds, by folder. */
export function gradleProjects(snapshot: Snapshot): ReadonlyMap<string, GradleProject> {
  return once(snapshot, "", () => findProjects(snapshot));
}

function findProjects(snapshot: Snapshot): ReadonlyMap<string, GradleProject> {
  const projects = new Map<string, GradleProject>();
  const present = new Set(snapshot.folders);
  for (const settings of [...snapshot.named("settings.gradle"), ...snapshot.named("settings.gradle.kts")]) {
    const code = snapshot.code(settings)?.code ?? "";
    const root = folderOf(settings);
    const name = /rootProject\.name\s*=\s*["']([^"']+)["']/.exec(code)?.[1];
    projects.set(root, { settings, root, path: ":", name: name ?? baseOf(root === "." ? snapshot.root : root) });
    const moved = new Map([...code.matchAll(FOLDER)].map(([, path = "", args = ""]) => [path, quoted(args).at(-1)]));
    for (const path of [...code.matchAll(INCLUDE)].flatMap(([, list = ""]) => quoted(list))) {
      const full = path.startsWith(":") ? path : `:${path}`;
      const relative = moved.get(path) ?? moved.get(full) ?? full.slice(1).replaceAll(":", "/");
      const folder = joinPath(root, relative);
      if (folder === undefined || !present.has(folder)) continue;
      projects.set(folder, { settings, root, path: full, name: full.slice(full.lastIndexOf(":") + 1) });
    }
  }
  return projects;
}

function quoted(text: string): string[] {
  return [...text.matchAll(/["']([^"'\n]+)["']/g)].map(([, value = ""]) => value);
}
