import { folderOf, joinPath } from "../../formats/tree.ts";
import { elementsAt, textAt, type XmlElement } from "../../formats/xml.ts";
import type { Snapshot } from "../snapshot.ts";
import { type Dependency, dependency } from "./dependency.ts";

const MOST_PARENTS = 5;

/** Artifacts of a pom.xml and of the parents of the same repository, as `group:artifact`. */
export function mavenDependencies(snapshot: Snapshot, folder: string): Dependency[] {
  const found: Dependency[] = [];
  let file: string | undefined = joinPath(folder, "pom.xml");
  for (let depth = 0; file !== undefined && snapshot.has(file) && depth < MOST_PARENTS; depth += 1) {
    const { root } = snapshot.xml(file);
    if (!root) break;
    found.push(...artifacts(root, file));
    const [parent] = elementsAt(root, "parent");
    const [relative] = elementsAt(parent, "relativePath");
    // An empty path says that the parent lies in no folder.
    file =
      parent && relative?.text !== ""
        ? parentFile(snapshot, folderOf(file), relative?.text ?? "../pom.xml")
        : undefined;
  }
  return found;
}

function parentFile(snapshot: Snapshot, folder: string, relative: string): string | undefined {
  const path = joinPath(folder, relative);
  if (path === undefined || snapshot.has(path)) return path;
  return joinPath(path, "pom.xml");
}

function artifacts(root: XmlElement, file: string): Dependency[] {
  const own = textAt(root, "groupId") ?? textAt(root, "parent", "groupId") ?? "";
  const direct = elementsAt(root, "dependencies", "dependency");
  const ofProfiles = elementsAt(root, "profiles", "profile", "dependencies", "dependency");
  return [...direct, ...ofProfiles].flatMap((element) => {
    const artifact = textAt(element, "artifactId");
    const group = (textAt(element, "groupId") ?? "").replace(/\$\{(?:project|pom)\.groupId\}/, own);
    if (artifact === undefined) return [];
    const isOptional = ofProfiles.includes(element) || textAt(element, "optional") === "true";
    const isTest = textAt(element, "scope") === "test";
    return [
      dependency({
        ecosystem: "maven",
        name: `${group}:${artifact}`,
        version: textAt(element, "version") ?? null,
        group: isTest ? "dev" : isOptional ? "optional" : "prod",
        file,
        place: () => element,
      }),
    ];
  });
}
