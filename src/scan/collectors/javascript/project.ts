import { lazy } from "../../../core/lazy.ts";
import { type Document, recordAt, stringAt } from "../../../formats/document.ts";
import { baseOf, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Dependency } from "../../declared/dependency.ts";
import type { Evidence } from "../../fact.ts";
import { inFolder, type Manifest, manifestIn } from "./manifest.ts";
import { type Workspace, workspaceOf } from "./workspaces.ts";

/** A package of JavaScript as the rules of this folder see it. */
export interface Project {
  view: View;
  manifest: Manifest;
  workspace: Workspace | undefined;
  /** Whether it is the root of a workspace with packages below it. */
  isRoot: boolean;
  /** The manifest of the workspace's root, where that is another folder. */
  rootManifest: Manifest | undefined;
  /** Base names of the files directly in the folder. */
  here: ReadonlySet<string>;
  /** A package that it needs in production. */
  needs(name: string): Dependency | undefined;
  /** A package that it, or the root of its workspace, has at all. */
  has(name: string): Dependency | undefined;
  /** The first file of the folder whose base name matches, from the root. */
  fileLike(pattern: RegExp): string | undefined;
  /** Whether a path relative to the package exists. */
  exists(relative: string): boolean;
  /** Evidence at a key of the manifest. */
  at(path: readonly string[], rule: string): Evidence;
}

/** The package of a unit; undefined where it has no manifest. */
export function projectOf(view: View): Project | undefined {
  const { snapshot, unit } = view;
  const manifest = manifestIn(snapshot, unit.path);
  return manifest && makeProject(view, manifest);
}

/** A program without a manifest, as a package that declares nothing; what would point at the manifest points at its file. */
export function looseProject(view: View, file: string): Project {
  const document: Document = { value: undefined, problems: [], place: () => undefined };
  return makeProject(view, { file, document, data: {}, name: undefined, scripts: new Map(), dependencies: new Map() });
}

function makeProject(view: View, manifest: Manifest): Project {
  const { snapshot, unit } = view;
  const workspace = workspaceOf(snapshot, unit.path);
  const isRoot = workspace?.root === unit.path;
  const rootManifest = workspace && !isRoot ? manifestIn(snapshot, workspace.root) : undefined;
  const bases = snapshot.inFolder(unit.path).map(baseOf);
  return {
    view,
    manifest,
    workspace,
    isRoot,
    rootManifest,
    here: new Set(bases),
    needs: (name) => {
      const own = manifest.dependencies.get(name);
      return own?.group === "prod" ? own : undefined;
    },
    has: (name) => manifest.dependencies.get(name) ?? rootManifest?.dependencies.get(name),
    fileLike: (pattern) => {
      const base = bases.find((name) => pattern.test(name));
      return base === undefined ? undefined : inFolder(unit.path, base);
    },
    exists: (relative) => {
      const path = joinPath(unit.path, relative);
      return path !== undefined && snapshot.has(path);
    },
    at: (path, rule) => view.seenAt(manifest.file, manifest.document, path, rule),
  };
}

/** The range of a package as it was meant: what a catalog of pnpm or the workspace says, where the manifest points there. */
export function rangeOf({ view, workspace, manifest }: Project, name: string): string | undefined {
  const range = manifest.dependencies.get(name)?.version ?? undefined;
  if (!range?.startsWith("catalog:") || !workspace) return range;
  const catalog = range.slice("catalog:".length);
  const value = lazy(() => view.snapshot.yaml(inFolder(workspace.root, "pnpm-workspace.yaml")).value);
  const path = catalog === "" || catalog === "default" ? ["catalog"] : ["catalogs", catalog];
  return stringAt(recordAt(value(), path), [name]);
}

/** The first number of a range: `^3.2.1` is 3. Undefined for tags and unbounded ranges. */
export function majorOf(range: string | undefined): number | undefined {
  const digits = /^(?:npm:[^@]+@)?[\s^~>=v]*(\d+)(?:\.|$|\s)/.exec(range ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}
