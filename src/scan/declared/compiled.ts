import { isRecord, listAt, recordAt, stringAt } from "../../formats/document.ts";
import { folderOf, joinPath } from "../../formats/tree.ts";
import type { Snapshot } from "../snapshot.ts";
import { type Dependency, dependency } from "./dependency.ts";

const REQUIRE = /^(?:require\s+)?([\w.~-]+(?:\/[\w.~+-]+)+)\s+(v\S+)(\s*\/\/\s*indirect)?/;
const REPLACE = /^(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>\s+(\.{1,2}\/\S*|\.{1,2})\s*$/;

/** The modules that `go.mod` requires; those that only others need are marked. */
export function goDependencies(snapshot: Snapshot, folder: string): Dependency[] {
  const file = joinPath(folder, "go.mod") as string;
  const lines = (snapshot.has(file) ? (snapshot.text(file) ?? "") : "").split("\n");
  const replaced = new Map(
    lines.flatMap((line): [string, string][] => {
      const [, name, path] = REPLACE.exec(line.trim()) ?? [];
      const target = path === undefined ? undefined : joinPath(folder, path);
      return name === undefined || target === undefined ? [] : [[name, target]];
    }),
  );
  return lines.flatMap((line, index) => {
    const [, name, version = null, indirect] = REQUIRE.exec(line.trim()) ?? [];
    if (name === undefined || line.includes("=>")) return [];
    return [
      dependency({
        ecosystem: "go",
        name,
        version,
        indirect: indirect !== undefined,
        path: replaced.get(name) ?? null,
        file,
        place: () => ({ line: index + 1, column: line.search(/\S/) + 1 }),
      }),
    ];
  });
}

const CARGO_LISTS: readonly [list: string, group: Dependency["group"]][] = [
  ["dependencies", "prod"],
  ["build-dependencies", "dev"],
  ["dev-dependencies", "dev"],
];

/** What a crate of Cargo needs; of `workspace = true` the rest stands in the workspace. */
export function cargoDependencies(snapshot: Snapshot, folder: string): Dependency[] {
  const file = joinPath(folder, "Cargo.toml") as string;
  if (!snapshot.has(file)) return [];
  const document = snapshot.toml(file);
  const shared = sharedCrates(snapshot, folder);
  const targets = Object.keys(recordAt(document.value, ["target"]));
  const tables = [[], ...targets.map((target) => ["target", target])];
  return tables.flatMap((table) =>
    CARGO_LISTS.flatMap(([list, group]) =>
      Object.entries(recordAt(document.value, [...table, list])).map(([name, value]) => {
        const inherited = isRecord(value) && value.workspace === true ? shared?.crates[name] : undefined;
        const base = inherited === undefined ? folder : (shared?.folder ?? folder);
        const path = stringAt(value, ["path"]) ?? stringAt(inherited, ["path"]);
        return dependency({
          ecosystem: "cargo",
          name: stringAt(value, ["package"]) ?? stringAt(inherited, ["package"]) ?? name,
          version: versionOf(value) ?? versionOf(inherited) ?? null,
          features: [...listAt(value, ["features"]), ...listAt(inherited, ["features"])].map(String),
          group: group === "prod" && isRecord(value) && value.optional === true ? "optional" : group,
          path: path === undefined ? null : (joinPath(base, path) ?? null),
          file,
          place: () => document.place([...table, list, name]),
        });
      }),
    ),
  );
}

function versionOf(value: unknown): string | undefined {
  return stringAt(value) ?? stringAt(value, ["version"]);
}

function sharedCrates(
  snapshot: Snapshot,
  folder: string,
): { folder: string; crates: Record<string, unknown> } | undefined {
  const file = joinPath(folder, "Cargo.toml") as string;
  const crates = snapshot.has(file) ? recordAt(snapshot.toml(file).value, ["workspace", "dependencies"]) : {};
  if (Object.keys(crates).length > 0) return { folder, crates };
  return folder === "." ? undefined : sharedCrates(snapshot, folderOf(folder));
}
