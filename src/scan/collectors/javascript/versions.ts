import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { semverLibrary } from "../../../formats/libraries.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Evidence } from "../../fact.ts";
import { nearestFile } from "../../nearby.ts";
import { toolVersions, type VersionSeen } from "../../runtime-pins.ts";
import { NODE_LTS } from "../../tables/javascript-versions.ts";
import type { Project } from "./project.ts";

export interface Versions {
  seen: VersionSeen[];
  /** What names a version that nobody can know from here: `lts/*`, `latest`. */
  moving: { written: string; at: Evidence }[];
}

const FILES: Readonly<Record<string, readonly string[]>> = {
  node: [".nvmrc", ".node-version"],
  bun: [".bun-version"],
  deno: [".dvmrc", ".deno-version"],
};
const TOOLS: Readonly<Record<string, readonly string[]>> = { node: ["nodejs", "node"], bun: ["bun"], deno: ["deno"] };

/** Versions of a runtime that files in the folder or above it, and the manifests, ask for. The order is that of their weight. */
export function versionsOf(view: View, runtime: string, project?: Project): Versions {
  const written = [
    ...fromFiles(view, runtime),
    ...(project ? fromManifests(project, runtime) : []),
    ...fromTools(view, runtime),
  ];
  const found: Versions = { seen: toolVersions(view, TOOLS[runtime] ?? []), moving: [] };
  const read = written.flatMap(({ text, exact, at }): VersionSeen[] => {
    const version = readVersion(text);
    if (version === undefined) found.moving.push({ written: text, at });
    return version === undefined ? [] : [{ version, exact, at }];
  });
  return { ...found, seen: [...read, ...found.seen] };
}

/** `v20.11` as `20.11`, `lts/iron` as `20`; a range stays as it is. Undefined for what is no version. */
function readVersion(text: string): string | undefined {
  const plain = text.trim().replace(/^[vV=](?=\d)/, "");
  const line = /^lts[/-]?([a-z]+)$/i.exec(plain)?.[1] ?? plain;
  if (Object.hasOwn(NODE_LTS, line.toLowerCase())) return NODE_LTS[line.toLowerCase()];
  return /\d/.test(plain) && semverLibrary().validRange(plain, { loose: true }) !== null ? plain : undefined;
}

interface Written {
  text: string;
  exact: boolean;
  at: Evidence;
}

function fromFiles(view: View, runtime: string): Written[] {
  const { snapshot, unit } = view;
  return (FILES[runtime] ?? []).flatMap((base): Written[] => {
    const file = nearestFile(snapshot, unit.path, base);
    const lines = (file === undefined ? undefined : snapshot.text(file))?.split("\n") ?? [];
    const words = lines.map((line) => line.replace(/#.*$/, "").trim());
    const index = words.findIndex((word) => word !== "");
    if (file === undefined || index === -1) return [];
    return [{ text: words[index] ?? "", exact: true, at: view.seen(file, index + 1, base.replace(/^\./, "")) }];
  });
}

/** `engines`, `volta` and `devEngines` of the package, then of the root of its workspace. */
function fromManifests({ view, manifest, rootManifest }: Project, runtime: string): Written[] {
  return [manifest, ...(rootManifest ? [rootManifest] : [])].flatMap(({ file, document, data }) => {
    const at = (path: (string | number)[], rule: string) => view.seenAt(file, document, path, rule);
    const found: Written[] = [];
    const engine = stringAt(data, ["engines", runtime]);
    if (engine !== undefined && !/^\s*[*x]?\s*$/.test(engine))
      found.push({
        text: engine,
        exact: semverLibrary().valid(engine, { loose: true }) !== null,
        at: at(["engines", runtime], "engines"),
      });
    const volta = stringAt(data, ["volta", runtime]) ?? extended(view, folderOf(file), data, runtime);
    if (volta !== undefined) found.push({ text: volta, exact: true, at: at(["volta"], "volta") });
    const path = ["devEngines", "runtime"];
    const engines = listAt(data, path).length > 0 ? listAt(data, path) : [recordAt(data, path)];
    const own = engines.find((item) => stringAt(item, ["name"]) === runtime);
    const version = stringAt(own, ["version"]);
    if (version !== undefined) found.push({ text: version, exact: false, at: at(path, "dev-engines") });
    return found;
  });
}

/** The version of the manifest that `volta.extends` names. */
function extended({ snapshot }: View, folder: string, data: unknown, runtime: string): string | undefined {
  const path = stringAt(data, ["volta", "extends"]);
  const file = path === undefined ? undefined : joinPath(folder, path);
  return file === undefined ? undefined : stringAt(snapshot.json(file).value, ["volta", runtime]);
}

/** `.prototools`, and the version that pnpm is told to run scripts with. */
function fromTools(view: View, runtime: string): Written[] {
  const { snapshot, unit } = view;
  const proto = nearestFile(snapshot, unit.path, ".prototools");
  const document = proto === undefined ? undefined : snapshot.toml(proto);
  const version = stringAt(document?.value, [runtime]);
  const found: Written[] = [];
  if (proto !== undefined && document && version !== undefined)
    found.push({ text: version, exact: true, at: view.seenAt(proto, document, [runtime], "proto") });
  const npmrc = runtime === "node" ? nearestFile(snapshot, unit.path, ".npmrc") : undefined;
  const lines = (npmrc === undefined ? undefined : snapshot.text(npmrc))?.split("\n") ?? [];
  for (const [index, line] of lines.entries()) {
    const used = /^\s*use-node-version\s*=\s*(\S+)/.exec(line)?.[1];
    if (npmrc !== undefined && used !== undefined)
      found.push({ text: used, exact: true, at: view.seen(npmrc, index + 1, "npmrc") });
  }
  return found;
}
