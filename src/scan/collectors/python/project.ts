import { isRecord, recordAt } from "../../../formats/document.ts";
import { extensionOf, folderOf, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Dependency } from "../../declared/dependency.ts";
import { dependenciesOf } from "../../dependencies.ts";
import type { Evidence } from "../../fact.ts";
import { hasOtherManifest } from "../../other-manifests.ts";
import type { Snapshot } from "../../snapshot.ts";

/** What belongs to a Python unit: its manifests, its own or those of the nearest folder above, and what they ask for. */
export interface PythonProject {
  view: View;
  /** Where the manifests lie; the unit's own folder where there are none. */
  folder: string;
  /** Files that say that this is a Python project, the clearest first. */
  manifests: readonly string[];
  /** Whether the unit has another ecosystem's manifest beside them. */
  isMixed: boolean;
  /** Whether `src` is on Python's path, since the project itself is installed. */
  isInstalled: boolean;
  /** The first of these packages that production has. */
  needs(...names: string[]): Dependency | undefined;
  /** The same among all groups. */
  mentions(...names: string[]): Dependency | undefined;
}

const FILES = [
  ...["uv.lock", "poetry.lock", "pdm.lock", "Pipfile", "Pipfile.lock", "requirements.txt", "setup.py", "manage.py"],
  ...["environment.yml", "environment.yaml"],
];
const TOOLS = ["poetry", "uv", "pdm", "hatch", "flit", "setuptools"];

/** The Python project that a unit is, or undefined. */
export function projectOf(view: View): PythonProject | undefined {
  const { snapshot, unit } = view;
  const own = manifestsIn(snapshot, unit.path);
  const isMixed = hasOtherManifest(view, "python");
  const hasCode = view.sources.some((path) => extensionOf(path) === "py");
  if (own.length === 0 && (isMixed || !hasCode)) return undefined;
  const folder = own.some((path) => !path.endsWith("manage.py"))
    ? unit.path
    : (above(snapshot, unit.path) ?? unit.path);
  const all = dependenciesOf(snapshot, folder).filter(({ ecosystem }) => ecosystem === "pypi");
  const find =
    (from: readonly Dependency[]) =>
    (...names: string[]) =>
      from.find(({ name, features }) => names.includes(name) || features.some((extra) => brings(name, extra, names)));
  return {
    view,
    folder,
    manifests: manifestsIn(snapshot, folder),
    isMixed,
    isInstalled: isInstalled(snapshot, folder),
    needs: find(all.filter(({ group }) => group !== "dev")),
    mentions: find(all),
  };
}

/** `channels[daphne]` asks for daphne. */
function brings(name: string, extra: string, wanted: readonly string[]): boolean {
  return name === "channels" && extra === "daphne" && wanted.includes(extra);
}

/** Where a manifest asks for a package. */
export function askedAt({ view }: PythonProject, { file, place, name }: Dependency): Evidence {
  return view.seen(file, place(), `dependency-${name}`);
}

function manifestsIn(snapshot: Snapshot, folder: string): string[] {
  const at = (base: string) => joinPath(folder, base) as string;
  const declared = new Set(
    dependenciesOf(snapshot, folder).flatMap(({ ecosystem, file }) => (ecosystem === "pypi" ? [file] : [])),
  );
  const named = FILES.map(at).filter((path) => snapshot.has(path));
  const pyproject = at("pyproject.toml");
  return [...new Set([...(isProject(snapshot, pyproject) ? [pyproject] : []), ...declared, ...named])];
}

/** A pyproject.toml that only sets up linters makes no project. */
function isProject(snapshot: Snapshot, file: string): boolean {
  if (!snapshot.has(file)) return false;
  const { value } = snapshot.toml(file);
  return value === undefined
    ? /^[^\S\n]*\[(?:project|build-system|tool\.poetry)\]/m.test(snapshot.text(file) ?? "")
    : ["project", "build-system", "dependency-groups"].some((key) => isRecord(recordAt(value)[key])) ||
        TOOLS.some((tool) => isRecord(recordAt(value, ["tool"])[tool]));
}

function above(snapshot: Snapshot, folder: string): string | undefined {
  if (folder === ".") return undefined;
  const parent = folderOf(folder);
  return manifestsIn(snapshot, parent).length > 0 ? parent : above(snapshot, parent);
}

function isInstalled(snapshot: Snapshot, folder: string): boolean {
  const { value } = snapshot.toml(joinPath(folder, "pyproject.toml") as string);
  if (recordAt(value, ["tool", "poetry"])["package-mode"] === false) return false;
  if (recordAt(value, ["tool", "uv"]).package === false) return false;
  // Poetry installs the project itself, whatever builds it.
  const isBuilt =
    isRecord(recordAt(value)["build-system"]) || recordAt(value, ["tool", "poetry"]).packages !== undefined;
  return isBuilt || snapshot.has(joinPath(folder, "setup.py") as string);
}
