import { type Document, isRecord, listAt, type Path, recordAt, stringAt } from "../../formats/document.ts";
import { places } from "../../formats/text.ts";
import { joinPath } from "../../formats/tree.ts";
import type { Snapshot } from "../snapshot.ts";
import { type Dependency, dependency, groupOfName } from "./dependency.ts";
import { parseRequirement, pypiName, requirementsOf } from "./requirements.ts";

type Group = Dependency["group"];

/** Each way in which Python projects write down what they need. */
export function pythonDependencies(snapshot: Snapshot, folder: string): Dependency[] {
  const at = (base: string) => joinPath(folder, base) as string;
  return [
    ...pyproject(at("pyproject.toml"), snapshot, folder),
    ...requirementsOf(snapshot, folder),
    ...tables(at("Pipfile"), snapshot.toml(at("Pipfile")), folder, [
      [["packages"], "prod"],
      [["dev-packages"], "dev"],
    ]),
    ...setupPy(at("setup.py"), snapshot),
    ...setupCfg(at("setup.cfg"), snapshot),
    ...["environment.yml", "environment.yaml"].flatMap((base) => conda(at(base), snapshot.yaml(at(base)))),
  ];
}

function pyproject(file: string, snapshot: Snapshot, folder: string): Dependency[] {
  if (!snapshot.has(file)) return [];
  const document = snapshot.toml(file);
  const { value } = document;
  const named = (path: Path, otherwise: Group) =>
    Object.keys(recordAt(value, path)).map((name): [Path, Group] => [[...path, name], groupOfName(name, otherwise)]);
  const lists: [Path, Group][] = [
    [["project", "dependencies"], "prod"],
    ...named(["project", "optional-dependencies"], "optional"),
    ...named(["dependency-groups"], "optional"),
    [["tool", "uv", "dev-dependencies"], "dev"],
    ...named(["tool", "pdm", "dev-dependencies"], "dev"),
    ...Object.keys(recordAt(value, ["tool", "hatch", "envs"])).map((name): [Path, Group] => [
      ["tool", "hatch", "envs", name, "dependencies"],
      "dev",
    ]),
  ];
  const poetry = ["tool", "poetry"];
  const groups = Object.keys(recordAt(value, [...poetry, "group"]));
  return [
    ...lists.flatMap(([path, group]) => list(file, document, path, group)),
    ...tables(file, document, folder, [
      [[...poetry, "dependencies"], "prod"],
      [[...poetry, "dev-dependencies"], "dev"],
      ...groups.map((name): [Path, Group] => [[...poetry, "group", name, "dependencies"], groupOfName(name)]),
    ]),
  ];
}

function list(file: string, document: Document, path: Path, group: Group): Dependency[] {
  return listAt(document.value, path).flatMap((item, index) => {
    const found = typeof item === "string" ? parseRequirement(item) : undefined;
    if (!found) return [];
    return [dependency({ ecosystem: "pypi", ...found, group, file, place: () => document.place([...path, index]) })];
  });
}

/** Tables of names, as Poetry and Pipenv write them. */
function tables(file: string, document: Document, folder: string, paths: readonly [Path, Group][]): Dependency[] {
  return paths.flatMap(([path, group]) =>
    Object.entries(recordAt(document.value, path)).flatMap(([name, value]) => {
      if (name === "python") return [];
      const path_ = stringAt(value, ["path"]);
      return [
        dependency({
          ecosystem: "pypi",
          name: pypiName(name),
          version: stringAt(value) ?? stringAt(value, ["version"]) ?? null,
          features: listAt(value, ["extras"]).map(String),
          group: group === "prod" && isRecord(value) && value.optional === true ? "optional" : group,
          path: path_ === undefined ? null : (joinPath(folder, path_) ?? null),
          file,
          place: () => document.place([...path, name]),
        }),
      ];
    }),
  );
}

/** Literal lists only: the file is a program. */
function setupPy(file: string, snapshot: Snapshot): Dependency[] {
  const code = snapshot.has(file) ? snapshot.code(file)?.code : undefined;
  if (code === undefined) return [];
  const at = places(code);
  return [
    ...code.matchAll(
      /\b(install_requires|requirements|requires|tests_require)\s*=\s*\[([^\]]*(?:\[[^\]]*\][^\]]*)*)\]/g,
    ),
  ]
    .filter(([, name]) => name !== undefined)
    .flatMap((match) =>
      [...(match[2] ?? "").matchAll(/(["'])((?:(?!\1).)+)\1/g)].flatMap((item) => {
        const found = parseRequirement(item[2] ?? "");
        const offset = match.index + match[0].indexOf("[") + 1 + item.index;
        if (!found) return [];
        const group = match[1] === "tests_require" ? "dev" : "prod";
        return [dependency({ ecosystem: "pypi", ...found, group, file, place: () => at(offset) })];
      }),
    );
}

function setupCfg(file: string, snapshot: Snapshot): Dependency[] {
  let section = "";
  let key = "";
  return (snapshot.has(file) ? (snapshot.text(file) ?? "") : "").split("\n").flatMap((line, index) => {
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    const [, name, inline = ""] = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (header !== undefined) section = header;
    if (name !== undefined) key = name;
    const isList = (section === "options" && key === "install_requires") || section === "options.extras_require";
    const found = isList && header === undefined ? parseRequirement(name === undefined ? line : inline) : undefined;
    if (!found) return [];
    const group = section === "options" ? "prod" : groupOfName(key, "optional");
    return [dependency({ ecosystem: "pypi", ...found, group, file, place: () => ({ line: index + 1, column: 1 }) })];
  });
}

function conda(file: string, document: Document): Dependency[] {
  return listAt(document.value, ["dependencies"]).flatMap((item, index) => {
    const entries = typeof item === "string" ? [item.replace(/^[\w-]+::/, "")] : listAt(item, ["pip"]);
    return entries.flatMap((entry) => {
      const found = typeof entry === "string" ? parseRequirement(entry) : undefined;
      if (!found || found.name === "python" || found.name === "pip") return [];
      return [dependency({ ecosystem: "pypi", ...found, file, place: () => document.place(["dependencies", index]) })];
    });
  });
}
