import { type Document, isRecord, recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import type { Dependency } from "../../declared/dependency.ts";
import { dependenciesOf } from "../../dependencies.ts";
import type { Snapshot } from "../../snapshot.ts";
import { type NxProject, nxProjects } from "./nx/projects.ts";

/** The manifest of a package: `package.json`, or one of the other forms that pnpm takes. */
export interface Manifest {
  file: string;
  document: Document;
  data: unknown;
  name: string | undefined;
  scripts: ReadonlyMap<string, string>;
  /** By name; where several lists name one, the one of production. */
  dependencies: ReadonlyMap<string, Dependency>;
}

/** The names of manifests, the one that wins first. */
export const MANIFESTS = ["package.json", "package.json5", "package.yaml"] as const;

// The last one that names a package wins: what runs in production goes before what is for development.
const GROUPS = ["dev", "optional", "prod"];

const known = new WeakMap<Snapshot, Map<string, Manifest | undefined>>();

/** The manifest in a folder. A broken one is there, and empty. */
export function manifestIn(snapshot: Snapshot, folder: string): Manifest | undefined {
  const cache = known.get(snapshot) ?? new Map<string, Manifest | undefined>();
  known.set(snapshot, cache);
  if (!cache.has(folder)) cache.set(folder, read(snapshot, folder));
  return cache.get(folder);
}

/** Whether scripts of a manifest start it with something else than Deno. */
export function startsWithoutDeno({ scripts }: Manifest): boolean {
  return ["start", "dev"].some((name) => scripts.has(name) && !/^deno\s/.test(scripts.get(name) ?? ""));
}

/** A file directly in a folder, as a path from the root. */
export function inFolder(folder: string, base: string): string {
  return folder === "." ? base : `${folder}/${base}`;
}

function read(snapshot: Snapshot, folder: string): Manifest | undefined {
  const file = MANIFESTS.map((base) => inFolder(folder, base)).find(
    (path) => snapshot.has(path) && !isHaskell(snapshot, path),
  );
  if (file === undefined) return nxManifest(snapshot, folder);
  const document = file.endsWith(".yaml") ? snapshot.yaml(file) : snapshot.json(file);
  const data = isRecord(document.value) ? document.value : {};
  const all = dependenciesOf(snapshot, folder).filter((one) => one.ecosystem === "npm" && one.file === file);
  return {
    file,
    document,
    data,
    name: stringAt(data, ["name"]),
    scripts: scriptsOf(data),
    dependencies: new Map(
      all.toSorted((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group)).map((one) => [one.name, one]),
    ),
  };
}

const BY_SYSTEM = /^(?:npx\s+)?(?:run-script-os|cross-os|run-os)\s*$/;
const SYSTEMS = ["linux", "darwin:linux", "nix", "default"];

/** Scripts by name; one that differs by system is the one for Linux. */
function scriptsOf(data: unknown): Map<string, string> {
  const scripts = new Map(texts(recordAt(data, ["scripts"])));
  return new Map(
    [...scripts].map(([name, line]) => {
      const own = BY_SYSTEM.test(line) ? SYSTEMS.map((system) => scripts.get(`${name}:${system}`)) : [];
      return [name, own.find((one) => one !== undefined) ?? line];
    }),
  );
}

/** `package.yaml` is the manifest of hpack too. */
function isHaskell(snapshot: Snapshot, file: string): boolean {
  if (!file.endsWith(".yaml")) return false;
  const keys = ["executables", "executable", "library", "internal-libraries", "ghc-options", "default-extensions"];
  return Object.keys(recordAt(snapshot.yaml(file).value)).some((key) => keys.includes(key));
}

/** A project of Nx without a manifest of its own: its targets are scripts, its packages those of the root. */
function nxManifest(snapshot: Snapshot, folder: string): Manifest | undefined {
  const project = nxProjects(snapshot).get(folder);
  if (!project) return undefined;
  const { file, document, name, lines } = project;
  const place: Document["place"] = ([first, target, ...rest]) => {
    if (first !== "scripts") return document.place(first === undefined ? [] : [first]);
    const path = [
      "targets",
      ...(target === undefined ? [] : [target === "start" ? startedBy(project) : target]),
      ...rest,
    ];
    return document.place([...path, "executor"]) ?? document.place(path);
  };
  return {
    file,
    document: { ...document, place },
    data: { name, private: true },
    name,
    scripts: new Map(
      [...lines].filter(([, line]) => line.folder === folder).map(([target, { line }]) => [target, line]),
    ),
    dependencies: new Map(),
  };
}

/** The target that shows how the program is started: its own, or the build that makes it. */
function startedBy({ value }: NxProject): string {
  return ["start", "build"].find((name) => isRecord(valueAt(value, ["targets", name]))) ?? "serve";
}

function texts(record: Record<string, unknown>): [string, string][] {
  return Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === "string");
}
