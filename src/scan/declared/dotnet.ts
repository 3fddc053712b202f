import { baseOf, folderOf, joinPath } from "../../formats/tree.ts";
import type { XmlElement } from "../../formats/xml.ts";
import { nearestFile } from "../nearby.ts";
import type { Snapshot } from "../snapshot.ts";
import { type Dependency, dependency } from "./dependency.ts";

const PROJECT = /\.(?:cs|fs|vb)proj$/i;

/** Packages and projects that the project files of a folder refer to, with what `Directory.*.props` above them add. */
export function nugetDependencies(snapshot: Snapshot, folder: string): Dependency[] {
  const projects = snapshot.inFolder(folder).filter((path) => PROJECT.test(path));
  if (projects.length === 0) return [];
  const versions = centralVersions(snapshot, folder);
  const shared = nearestFile(snapshot, folder, "Directory.Build.props");
  return [...projects, ...(shared === undefined ? [] : [shared])].flatMap((file) => {
    const { root } = snapshot.xml(file);
    return (root ? within(root) : []).flatMap((element) => {
      const include = attribute(element, "include") ?? attribute(element, "update");
      if (include === undefined) return [];
      const place = () => element;
      if (element.name === "ProjectReference") {
        const path = joinPath(folderOf(file), include.replaceAll("\\", "/"));
        const name = baseOf(include.replaceAll("\\", "/")).replace(PROJECT, "").toLowerCase();
        return [
          dependency({ ecosystem: "nuget", name, path: path === undefined ? null : folderOf(path), file, place }),
        ];
      }
      if (!/^(?:Package|Framework)Reference$/.test(element.name)) return [];
      const own = attribute(element, "version") ?? element.children.find(({ name }) => name === "Version")?.text;
      const assets =
        attribute(element, "privateassets") ?? element.children.find(({ name }) => name === "PrivateAssets")?.text;
      return [
        dependency({
          ecosystem: "nuget",
          name: include.toLowerCase(),
          version: own ?? versions.get(include.toLowerCase()) ?? null,
          group: assets?.toLowerCase() === "all" ? "dev" : "prod",
          file,
          place,
        }),
      ];
    });
  });
}

function centralVersions(snapshot: Snapshot, folder: string): Map<string, string> {
  const file = nearestFile(snapshot, folder, "Directory.Packages.props");
  const root = file === undefined ? undefined : snapshot.xml(file).root;
  return new Map(
    (root ? within(root) : []).flatMap((element): [string, string][] => {
      const name = element.name === "PackageVersion" ? attribute(element, "include") : undefined;
      const version = attribute(element, "version");
      return name === undefined || version === undefined ? [] : [[name.toLowerCase(), version]];
    }),
  );
}

function within(element: XmlElement): XmlElement[] {
  return element.children.flatMap((child) => [child, ...within(child)]);
}

/** Attributes of MSBuild are written in any case. */
function attribute({ attributes }: XmlElement, name: string): string | undefined {
  return Object.entries(attributes).find(([key]) => key.toLowerCase() === name)?.[1] || undefined;
}
