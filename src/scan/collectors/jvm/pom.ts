import { folderOf, joinPath } from "../../../formats/tree.ts";
import { elementsAt, textAt, type XmlElement } from "../../../formats/xml.ts";
import { oncePerSnapshot } from "../../once.ts";
import type { Snapshot } from "../../snapshot.ts";

/** A project of Maven with what it takes from its parents of the same repository. */
export interface Pom {
  file: string;
  folder: string;
  root: XmlElement;
  parent: Pom | undefined;
  groupId: string;
  artifactId: string;
  packaging: string;
}

export interface PomPlugin {
  /** `group:artifact`. */
  id: string;
  element: XmlElement;
  file: string;
  /** Whether a parent applies it to all below it. */
  inherited: boolean;
}

const MOST_PARENTS = 8;
const once = oncePerSnapshot<Pom | undefined>();

/** The project of a folder; undefined where there is none that can be read. */
export function pomAt(snapshot: Snapshot, folder: string, depth = 0): Pom | undefined {
  return once(snapshot, folder, () => readPom(snapshot, folder, depth));
}

function readPom(snapshot: Snapshot, folder: string, depth: number): Pom | undefined {
  const file = joinPath(folder, "pom.xml") as string;
  const root = snapshot.has(file) ? snapshot.xml(file).root : undefined;
  if (root?.name !== "project") return undefined;
  const parent = depth < MOST_PARENTS ? parentOf(snapshot, root, folder, depth) : undefined;
  return {
    file,
    folder,
    root,
    parent,
    groupId: textAt(root, "groupId") ?? textAt(root, "parent", "groupId") ?? "",
    artifactId: textAt(root, "artifactId") ?? "",
    packaging: textAt(root, "packaging") ?? "jar",
  };
}

function parentOf(snapshot: Snapshot, root: XmlElement, folder: string, depth: number): Pom | undefined {
  const [element] = elementsAt(root, "parent");
  const [relative] = elementsAt(element, "relativePath");
  if (!element || relative?.text === "") return undefined;
  const path = joinPath(folder, relative?.text ?? "..");
  const above = path?.endsWith(".xml") ? folderOf(path) : path;
  const found = above === undefined || above === folder ? undefined : pomAt(snapshot, above, depth + 1);
  return found?.artifactId === textAt(element, "artifactId") ? found : undefined;
}

/** A value with its `${…}` replaced, as far as the repository knows them; undefined where something is left. */
export function resolved(pom: Pom, text: string | undefined): string | undefined {
  let value = text;
  for (let round = 0; round < MOST_PARENTS && value?.includes("${"); round += 1)
    value = value.replace(/\$\{([^{}]+)\}/g, (whole, name: string) => propertyOf(pom, name) ?? whole);
  return value?.includes("${") ? undefined : value;
}

/** Where a property stands, the nearest project first. */
export function propertyElement(pom: Pom, name: string): { element: XmlElement; file: string } | undefined {
  const [element] = elementsAt(pom.root, "properties", name);
  if (element) return { element, file: pom.file };
  return pom.parent && propertyElement(pom.parent, name);
}

function propertyOf(pom: Pom, name: string): string | undefined {
  const plain = name.replace(/^pom\./, "project.");
  if (plain === "project.artifactId" || plain === "artifactId") return pom.artifactId;
  if (plain === "project.groupId") return pom.groupId;
  if (plain === "project.version" || plain === "version") return rawVersion(pom);
  if (plain === "project.parent.version") return textAt(pom.root, "parent", "version");
  if (plain === "project.name") return textAt(pom.root, "name") ?? pom.artifactId;
  if (plain === "project.build.directory") return "target";
  return propertyElement(pom, name)?.element.text;
}

function rawVersion(pom: Pom): string | undefined {
  return textAt(pom.root, "version") ?? textAt(pom.root, "parent", "version");
}

/** The version, if the repository says it. */
export function versionOf(pom: Pom): string | undefined {
  return resolved(pom, rawVersion(pom));
}

/** Plugins that are applied: its own, then those of the parents. */
export function pluginsOf(pom: Pom, inherited = false): PomPlugin[] {
  const own = elementsAt(pom.root, "build", "plugins", "plugin").map((element) => ({
    id: `${textAt(element, "groupId") ?? "org.apache.maven.plugins"}:${textAt(element, "artifactId") ?? ""}`,
    element,
    file: pom.file,
    inherited,
  }));
  return [...own, ...(pom.parent ? pluginsOf(pom.parent, true) : [])];
}

/** The name of the built file without its ending, where a parent or the project sets one. */
export function finalName(pom: Pom, of: Pom = pom): string | undefined {
  const text = textAt(pom.root, "build", "finalName");
  return text === undefined ? pom.parent && finalName(pom.parent, of) : resolved(of, text);
}
