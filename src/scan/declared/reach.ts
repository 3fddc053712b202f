import { stringAt } from "../../formats/document.ts";
import { joinPath } from "../../formats/tree.ts";
import { textAt } from "../../formats/xml.ts";
import { isApplicationCode } from "../application-code.ts";
import type { View } from "../collector.ts";
import { dependenciesOf } from "../dependencies.ts";
import { oncePerSnapshot } from "../once.ts";
import { ownFiles } from "../own-files.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Unit } from "../units.ts";
import { pypiName } from "./requirements.ts";

/** A folder whose code runs in a unit: its own, or that of a library of the same repository. */
export interface Site {
  /** What tells it from others; programs of one folder are several. */
  id: string;
  folder: string;
  /** Which program of the folder, where it holds several. */
  program: string | null;
  files: readonly string[];
  sources: readonly string[];
}

type Ground = Pick<View, "snapshot" | "unit" | "units" | "files" | "sources">;

interface Workspace {
  /** Folders by what others call them: `npm @acme/db`. */
  published: ReadonlyMap<string, string>;
  files: ReadonlyMap<string, readonly string[]>;
  folders: ReadonlySet<string>;
}

const workspaceOnce = oncePerSnapshot<Workspace>();
const sitesOnce = oncePerSnapshot<readonly Site[]>();

/** The code of a unit: its own first, then that of the libraries that it needs in production, however far away. */
export function sitesOf(view: Ground): readonly Site[] {
  return sitesOnce(view.snapshot, view.unit.id, () => findSites(view));
}

function findSites(view: Ground): Site[] {
  const { snapshot, unit, units } = view;
  const known = workspaceOnce(snapshot, "", () => readWorkspace(snapshot, units));
  const reached = new Set([unit.path]);
  for (const folder of reached)
    for (const { ecosystem, name, path, group } of dependenciesOf(snapshot, folder)) {
      const target = path ?? known.published.get(`${ecosystem} ${name}`);
      if (group !== "dev" && target !== undefined && known.folders.has(target)) reached.add(target);
    }
  return [...reached].map((folder) => {
    if (folder === unit.path)
      return { id: unit.id, folder, program: unit.program, files: view.files, sources: view.sources };
    const files = known.files.get(folder) ?? [];
    return {
      id: folder,
      folder,
      program: null,
      files,
      sources: files.filter((path) => isApplicationCode(path, folder) && !snapshot.foreign(path)),
    };
  });
}

function readWorkspace(snapshot: Snapshot, units: readonly Unit[]): Workspace {
  const folders = new Set(units.map(({ path }) => path));
  return {
    folders,
    files: ownFiles(snapshot, folders),
    published: new Map([...folders].flatMap((folder) => namesOf(snapshot, folder).map((name) => [name, folder]))),
  };
}

function namesOf(snapshot: Snapshot, folder: string): string[] {
  const at = (base: string) => joinPath(folder, base) as string;
  const toml = (base: string) => (snapshot.has(at(base)) ? snapshot.toml(at(base)).value : undefined);
  const node = stringAt(snapshot.json(at("package.json")).value, ["name"]);
  const python = toml("pyproject.toml");
  const project = stringAt(python, ["project", "name"]) ?? stringAt(python, ["tool", "poetry", "name"]);
  const crate = stringAt(toml("Cargo.toml"), ["package", "name"]);
  const pom = snapshot.has(at("pom.xml")) ? snapshot.xml(at("pom.xml")).root : undefined;
  const artifact = textAt(pom, "artifactId");
  const group = textAt(pom, "groupId") ?? textAt(pom, "parent", "groupId") ?? "";
  const module = snapshot.has(at("go.mod"))
    ? /^module\s+(\S+)/m.exec(snapshot.text(at("go.mod")) ?? "")?.[1]
    : undefined;
  return [
    ...(node === undefined ? [] : [`npm ${node}`]),
    ...(project === undefined ? [] : [`pypi ${pypiName(project)}`]),
    ...(crate === undefined ? [] : [`cargo ${crate}`]),
    ...(artifact === undefined ? [] : [`maven ${group}:${artifact}`]),
    ...(module === undefined ? [] : [`go ${module}`]),
  ];
}
