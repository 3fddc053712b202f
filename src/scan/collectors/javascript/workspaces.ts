import picomatch from "picomatch";
import { type Document, listAt, type Path, stringAt, valueAt } from "../../../formats/document.ts";
import { folderOf, isIn, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Dependency } from "../../declared/dependency.ts";
import type { Snapshot } from "../../snapshot.ts";
import { inFolder, MANIFESTS, manifestIn } from "./manifest.ts";
import { nxProjects } from "./nx/projects.ts";

/** Packages of one repository that are installed together. */
export interface Workspace {
  root: string;
  /** The file that declares it, and where. */
  file: string;
  path: Path;
  /** Folders of its packages, without the root. */
  members: ReadonlySet<string>;
  /** Folders by name of the package. */
  names: ReadonlyMap<string, string>;
}

interface Declaration {
  file: string;
  path: Path;
  patterns: readonly string[];
}

/** A file that declares a workspace, and where its patterns stand. Without patterns, `otherwise` holds. */
const DECLARED_IN: readonly { base: string; lists: readonly Path[]; otherwise?: readonly string[] }[] = [
  { base: "pnpm-workspace.yaml", lists: [["packages"]] },
  { base: "pnpm-workspace.yml", lists: [["packages"]] },
  { base: "lerna.json", lists: [["packages"]], otherwise: ["packages/*"] },
  { base: "rush.json", lists: [["projects"]] },
  { base: ".moon/workspace.yml", lists: [["projects"], ["projects", "globs"], ["projects", "sources"]] },
  { base: "nx.json", lists: [], otherwise: ["**"] },
  { base: "deno.json", lists: [["workspace"], ["workspace", "members"]] },
  { base: "deno.jsonc", lists: [["workspace"], ["workspace", "members"]] },
];

const known = new WeakMap<Snapshot, readonly Workspace[]>();

/** The workspace that a folder is the root or a package of; the innermost one. */
export function workspaceOf(snapshot: Snapshot, folder: string): Workspace | undefined {
  const all = known.get(snapshot) ?? find(snapshot);
  known.set(snapshot, all);
  return all
    .filter(({ root, members }) => root === folder || members.has(folder))
    .toSorted((a, b) => b.root.length - a.root.length)[0];
}

/** Claims the workspace of a package, and which others of it the package needs. */
export function claimWorkspace(
  view: View,
  {
    workspace,
    manifest,
  }: { workspace: Workspace | undefined; manifest: { dependencies: ReadonlyMap<string, Dependency> } },
): void {
  if (!workspace) return;
  const at = view.seenAt(workspace.file, documentOf(view.snapshot, workspace.file), workspace.path, "workspace");
  view.claim("workspace", workspace.root, { source: "project", at });
  for (const dependency of manifest.dependencies.values()) {
    const folder = dependency.path ?? workspace.names.get(dependency.name);
    if (folder === undefined || folder === view.unit.path || !workspace.members.has(folder)) continue;
    const seen = view.seen(dependency.file, dependency.place(), "internal");
    view.claimEach("internal", folder, { path: folder }, { source: "project", at: seen });
  }
}

/** A declaration of a workspace, read. */
export function documentOf(snapshot: Snapshot, file: string): Document {
  return /\.ya?ml$/.test(file) ? snapshot.yaml(file) : snapshot.json(file);
}

function find(snapshot: Snapshot): Workspace[] {
  const packages = [...MANIFESTS, "deno.json", "deno.jsonc"].flatMap((base) => snapshot.named(base)).map(folderOf);
  const projects = nxProjects(snapshot);
  const folders = [...new Set([...packages, ...projects.keys()])];
  const roots = new Set([...folders, ...DECLARED_IN.flatMap(({ base }) => rootsWith(snapshot, base))]);
  return [...roots].flatMap((root): Workspace[] => {
    const declared = declarationsOf(snapshot, root);
    const [first] = declared;
    if (!first) return [];
    const matches = matcher(
      root,
      declared.flatMap(({ patterns }) => patterns),
    );
    const nx = snapshot.has(inFolder(root, "nx.json"));
    const members = folders.filter(
      (folder) => folder !== root && isIn(folder, root) && (matches(folder) || (nx && projects.has(folder))),
    );
    const names = members.flatMap((folder): [string, string][] => {
      const name = packageName(snapshot, folder);
      return name === undefined ? [] : [[name, folder]];
    });
    return members.length === 0
      ? []
      : [{ root, file: first.file, path: first.path, members: new Set(members), names: new Map(names) }];
  });
}

function rootsWith(snapshot: Snapshot, base: string): string[] {
  const depth = base.split("/").length;
  return snapshot
    .named(base.slice(base.lastIndexOf("/") + 1))
    .filter((path) => path === base || path.endsWith(`/${base}`))
    .map((path) => path.split("/").slice(0, -depth).join("/") || ".");
}

function packageName(snapshot: Snapshot, folder: string): string | undefined {
  const deno = ["deno.json", "deno.jsonc"].map((base) => inFolder(folder, base)).find((path) => snapshot.has(path));
  return (
    manifestIn(snapshot, folder)?.name ??
    (deno === undefined ? undefined : stringAt(snapshot.json(deno).value, ["name"]))
  );
}

/** All that declare packages below this root. `nx.json` alone stands for every package, so it counts where nothing else does. */
function declarationsOf(snapshot: Snapshot, root: string): Declaration[] {
  const manifest = manifestIn(snapshot, root);
  const own = ([["workspaces"], ["workspaces", "packages"]] as const).flatMap((path): Declaration[] => {
    const patterns = listAt(manifest?.data, path).filter((item) => typeof item === "string");
    return manifest && patterns.length > 0 ? [{ file: manifest.file, path, patterns }] : [];
  });
  const others = DECLARED_IN.flatMap(({ base, lists, otherwise }): Declaration[] => {
    const file = inFolder(root, base);
    if (!snapshot.has(file)) return [];
    const { value } = documentOf(snapshot, file);
    const found = lists
      .map((path) => ({ file, path, patterns: patternsAt(value, path) }))
      .filter(({ patterns }) => patterns.length > 0);
    if (found.length > 0 || !otherwise) return found;
    return [{ file, path: [], patterns: otherwise }];
  });
  const explicit = [...own, ...others].filter(({ path }) => path.length > 0);
  return explicit.length > 0 ? explicit : others;
}

function patternsAt(value: unknown, path: Path): string[] {
  const found = valueAt(value, path);
  const items = Array.isArray(found) ? found : typeof found === "object" && found !== null ? Object.values(found) : [];
  return items.flatMap((item) => (typeof item === "string" ? [item] : (stringAt(item, ["projectFolder"]) ?? [])));
}

function matcher(root: string, patterns: readonly string[]): (folder: string) => boolean {
  const clean = (pattern: string) => pattern.replace(/^\.?\//, "").replace(/\/+$/, "");
  const named = (all: readonly string[]) => all.map(clean).filter((pattern) => pattern !== "");
  const taken = named(patterns.filter((pattern) => !pattern.startsWith("!")));
  const refused = named(patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1)));
  if (taken.length === 0) return () => false;
  const matches = picomatch(taken, { ignore: refused });
  return (folder) => {
    const inside = root === "." ? folder : folder.slice(root.length + 1);
    return joinPath(".", inside) !== undefined && matches(inside);
  };
}
