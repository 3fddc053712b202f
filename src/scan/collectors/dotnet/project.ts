import { baseOf, folderOf } from "../../../formats/tree.ts";
import type { XmlElement } from "../../../formats/xml.ts";
import type { Dependency } from "../../declared/dependency.ts";
import { dependenciesOf } from "../../dependencies.ts";
import { nearestFile } from "../../nearby.ts";
import type { Snapshot } from "../../snapshot.ts";

/** A project of MSBuild, with what `Directory.Build.props` above it adds. */
export interface DotnetProject {
  file: string;
  folder: string;
  root: XmlElement | undefined;
  /** `Microsoft.NET.Sdk.Web`, without its version; empty where an old project names none. */
  sdk: string;
  /** The value of a property and where it stands; undefined where it is not set or computed. */
  property(name: string): { value: string; element: XmlElement; file: string } | undefined;
  /** What it refers to: packages, frameworks, projects with their folder. */
  references: readonly Dependency[];
}

const PROJECT = /\.(?:cs|fs|vb)proj$/i;

/** The project files of a folder. */
export function projectFiles(snapshot: Snapshot, folder: string): string[] {
  return snapshot.inFolder(folder).filter((path) => PROJECT.test(path));
}

/** Reads a project file; one that is broken has no properties. */
export function readProject(snapshot: Snapshot, file: string): DotnetProject {
  const folder = folderOf(file);
  const { root } = snapshot.xml(file);
  const shared = nearestFile(snapshot, folder, "Directory.Build.props");
  const sheets = [
    ...(root ? [{ file, root }] : []),
    ...(shared === undefined ? [] : [{ file: shared, root: snapshot.xml(shared).root }]),
  ];
  const raw = (name: string) => {
    for (const sheet of sheets)
      for (const element of (sheet.root?.children ?? [])
        .filter((group) => group.name === "PropertyGroup")
        .flatMap(({ children }) => children))
        if (element.name.toLowerCase() === name.toLowerCase() && element.text)
          return { value: element.text, element, file: sheet.file };
    return undefined;
  };
  const expand = (text: string, depth: number): string =>
    text.replace(/\$\((\w+)\)/g, (whole, name: string) => {
      if (name === "MSBuildProjectName") return nameOf(file);
      const found = depth < 5 ? raw(name)?.value : undefined;
      return found === undefined ? whole : expand(found, depth + 1);
    });
  return {
    file,
    folder,
    root,
    sdk: sdkOf(root),
    property(name) {
      const found = raw(name);
      const value = found && expand(found.value, 0);
      return found && value !== undefined && !value.includes("$(") ? { ...found, value } : undefined;
    },
    references: dependenciesOf(snapshot, folder).filter(
      (found) => found.ecosystem === "nuget" && (found.file === file || !PROJECT.test(found.file)),
    ),
  };
}

/** The name of a project file without its ending. */
export function nameOf(file: string): string {
  return baseOf(file).replace(PROJECT, "");
}

/** Whether some project in a folder refers to a package of this name, in any case. */
export function refersTo({ references }: DotnetProject, pattern: RegExp): Dependency | undefined {
  return references.find(({ name, path }) => path === null && pattern.test(name));
}

function sdkOf(root: XmlElement | undefined): string {
  const named = root?.children.flatMap(({ name, attributes }) =>
    name === "Sdk" || name === "Import" ? [attributes.Name ?? attributes.Sdk ?? ""] : [],
  );
  const all = [root?.attributes.Sdk ?? root?.attributes.sdk ?? "", ...(named ?? [])].flatMap((list) => list.split(";"));
  return (
    all
      .map((sdk) => sdk.trim().split("/", 1)[0] ?? "")
      .filter(Boolean)
      .toSorted((a, b) => b.length - a.length)[0] ?? ""
  );
}

/** The nearest solution above a project that lists it. */
export function solutionOf(snapshot: Snapshot, file: string): string | undefined {
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    const found = snapshot
      .inFolder(folder)
      .find(
        (path) => /\.slnx?$/i.test(path) && (snapshot.text(path) ?? "").replaceAll("\\", "/").includes(baseOf(file)),
      );
    if (found !== undefined || folder === ".") return found;
  }
}

/** Projects that refer to the one in a folder. */
export function referrers(snapshot: Snapshot, folder: string): DotnetProject[] {
  const files = ["csproj", "fsproj", "vbproj"].flatMap((extension) => snapshot.withExtension(extension));
  return files
    .filter((file) => folderOf(file) !== folder)
    .map((file) => readProject(snapshot, file))
    .filter(({ references }) => references.some(({ path }) => path === folder));
}
