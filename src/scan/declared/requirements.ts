import { baseOf, folderOf, joinPath } from "../../formats/tree.ts";
import type { Snapshot } from "../snapshot.ts";
import { type Dependency, dependency, groupOfName } from "./dependency.ts";

/** One line of PEP 508: name, extras, the rest. */
const REQUIREMENT = /^([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?\s*(.*)$/;
const INCLUDE = /^(?:-r|--requirement)[\s=]*(\S+)/;
const REQUIREMENTS = /^(?:[\w.-]*[-_.])?requirements?(?:[-_.][\w.-]*)?\.(?:txt|in)$/i;

/** Name as PyPI compares it, version as written and extras of a requirement; undefined for options, paths and addresses without a name. */
export function parseRequirement(
  text: string,
): { name: string; version: string | null; features: string[] } | undefined {
  const bare = text.replace(/(?:^|\s)#.*$/, "").trim();
  const named = /^(?:-e\s+|--editable[\s=]+)?[\w+]+:\/\/.*[#&]egg=([\w.-]+)/.exec(bare)?.[1];
  const [, name = named, extras = "", rest = ""] = (named === undefined && REQUIREMENT.exec(bare)) || [];
  if (name === undefined || /^[/\\]/.test(rest)) return undefined;
  const version = rest
    .replace(/;.*$/, "")
    .replace(/\s+--hash.*$/, "")
    .replace(/[\\()]/g, "")
    .trim();
  return {
    name: pypiName(name),
    version: version === "" || version.startsWith("@") ? null : version,
    features: extras.split(",").flatMap((extra) => extra.trim() || []),
  };
}

export function pypiName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** All requirement files of a folder, with what they include; those for development are told by their names. */
export function requirementsOf(snapshot: Snapshot, folder: string): Dependency[] {
  const inside = ["requirements", "reqs", "deps"].flatMap((name) =>
    snapshot.inFolder(joinPath(folder, name) as string),
  );
  const own = snapshot.inFolder(folder).filter((path) => REQUIREMENTS.test(baseOf(path)));
  const files = [...own, ...inside.filter((path) => /\.(?:txt|in|pip)$/.test(path))];
  const groups = new Map<string, Dependency["group"]>();
  // What production includes is production, whoever else includes it.
  const add = (file: string, group: Dependency["group"]) => {
    if (!snapshot.has(file) || groups.get(file) === "prod" || groups.get(file) === group) return;
    groups.set(file, group);
    for (const line of linesOf(snapshot, file)) {
      const target = INCLUDE.exec(line.trim())?.[1];
      const included = target && joinPath(folderOf(file), target);
      if (included) add(included, group);
    }
  };
  for (const file of files) {
    const name = folderOf(file) === folder ? baseOf(file) : file.slice(folder === "." ? 0 : folder.length + 1);
    add(file, groupOfName(name.replace(/\.(?:txt|in|pip)$/, "")));
  }
  return [...groups].flatMap(([file, group]) =>
    linesOf(snapshot, file).flatMap((line, index) => {
      const found = parseRequirement(line);
      if (!found) return [];
      return [dependency({ ecosystem: "pypi", ...found, group, file, place: () => ({ line: index + 1, column: 1 }) })];
    }),
  );
}

function linesOf(snapshot: Snapshot, file: string): string[] {
  return (snapshot.text(file) ?? "").split("\n");
}
