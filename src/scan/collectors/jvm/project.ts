import type { Place } from "../../../formats/document.ts";
import { joinPath } from "../../../formats/tree.ts";
import type { XmlElement } from "../../../formats/xml.ts";
import type { Dependency } from "../../declared/dependency.ts";
import { dependenciesOf } from "../../dependencies.ts";
import { oncePerSnapshot } from "../../once.ts";
import type { Snapshot } from "../../snapshot.ts";
import { type GradleBuild, gradleAt } from "./gradle.ts";
import { type Pom, pluginsOf, pomAt } from "./pom.ts";
import { gradleProjects } from "./settings.ts";

/** A plugin of Maven as `group:artifact`, one of Gradle by its id. */
export interface JvmPlugin {
  id: string;
  file: string;
  place: Place | undefined;
  /** Whether a parent applies it to all below it. */
  inherited: boolean;
  /** Its configuration in Maven. */
  element?: XmlElement;
}

/** What builds a folder on the JVM. */
export interface JvmProject {
  build: { tool: "maven"; pom: Pom } | { tool: "gradle"; gradle: GradleBuild };
  file: string;
  folder: string;
  /** Where the whole build begins. */
  root: string;
  name: string;
  plugins: readonly JvmPlugin[];
  /** What it needs in production, with what the projects of the repository that it needs bring. */
  dependencies: readonly Dependency[];
  /** Folders of projects of the repository that it needs itself, and where it says so. */
  internal: readonly { folder: string; file: string; place: Place | undefined }[];
}

/** The project of a folder: Maven's where both are there. */
export function projectAt(snapshot: Snapshot, folder: string): JvmProject | undefined {
  const pom = pomAt(snapshot, folder);
  if (pom) return ofMaven(snapshot, pom);
  const gradle = gradleAt(snapshot, folder);
  return gradle && ofGradle(snapshot, gradle);
}

function ofMaven(snapshot: Snapshot, pom: Pom): JvmProject {
  let top = pom;
  while (top.parent) top = top.parent;
  return {
    build: { tool: "maven", pom },
    file: pom.file,
    folder: pom.folder,
    root: top.folder,
    name: pom.artifactId,
    plugins: pluginsOf(pom).map((plugin) => ({ ...plugin, place: plugin.element })),
    ...neededBy(snapshot, pom.folder, mavenNeighbours),
  };
}

function ofGradle(snapshot: Snapshot, gradle: GradleBuild): JvmProject {
  return {
    build: { tool: "gradle", gradle },
    file: gradle.file,
    folder: gradle.folder,
    root: gradle.root,
    name: gradle.name,
    plugins: gradle.plugins,
    ...neededBy(snapshot, gradle.folder, gradleNeighbours),
  };
}

type Neighbours = (snapshot: Snapshot, folder: string) => JvmProject["internal"];

function neededBy(snapshot: Snapshot, folder: string, neighbours: Neighbours) {
  const internal = neighbours(snapshot, folder);
  const seen = new Set([folder]);
  const open = [folder];
  const dependencies: Dependency[] = [];
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    dependencies.push(...production(snapshot, at));
    for (const next of neighbours(snapshot, at)) {
      if (seen.has(next.folder)) continue;
      seen.add(next.folder);
      open.push(next.folder);
    }
  }
  return { internal, dependencies };
}

function production(snapshot: Snapshot, folder: string): Dependency[] {
  return dependenciesOf(snapshot, folder).filter(({ ecosystem, group }) => ecosystem === "maven" && group !== "dev");
}

const artifacts = oncePerSnapshot<ReadonlyMap<string, string>>();

function mavenNeighbours(snapshot: Snapshot, folder: string): JvmProject["internal"] {
  const known = artifacts(snapshot, "", () => findArtifacts(snapshot));
  return production(snapshot, folder).flatMap(({ name, file, place }) => {
    const found = known.get(name.replace(/^\$\{[^}]*\}|^(?=:)/, "*")) ?? known.get(name);
    return found === undefined || found === folder ? [] : [{ folder: found, file, place: place() }];
  });
}

/** Folders by `group:artifact`, and by `*:artifact` for groups that only a property names. */
function findArtifacts(snapshot: Snapshot): ReadonlyMap<string, string> {
  const poms = snapshot.named("pom.xml").flatMap((file) => pomAt(snapshot, joinPath(file, "..") as string) ?? []);
  return new Map(
    poms.flatMap(({ groupId, artifactId, folder }): [string, string][] => [
      [`${groupId}:${artifactId}`, folder],
      [`*:${artifactId}`, folder],
    ]),
  );
}

function gradleNeighbours(snapshot: Snapshot, folder: string): JvmProject["internal"] {
  const build = gradleAt(snapshot, folder);
  if (!build) return [];
  const projects = [...gradleProjects(snapshot)].filter(([, { root }]) => root === build.root);
  const plain = (path: string) => path.replace(/[-_:.]/g, "").toLowerCase();
  const hits = build.code.matchAll(
    /\b(?<!test\w*[\s(]+)(?:project\s*\(\s*(?:path\s*[:=]\s*)?["']([^"']+)["']|projects\.([\w.]+))/gi,
  );
  return [...hits].flatMap(({ 1: path, 2: accessor, index }) => {
    const wanted = path ?? accessor?.replace(/\.(?:dependencyProject|path)$/, "") ?? "";
    const [found] = projects.find(([, project]) => plain(project.path) === plain(wanted)) ?? [];
    if (found === undefined || found === folder) return [];
    return [
      { folder: found, file: build.file, place: { line: build.code.slice(0, index).split("\n").length, column: 1 } },
    ];
  });
}
