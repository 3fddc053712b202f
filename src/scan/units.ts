import { baseOf, extensionOf, folderOf, joinPath } from "../formats/tree.ts";
import { isAside } from "./application-code.ts";
import { gradleProjects } from "./collectors/jvm/settings.ts";
import { looseIn, type Strength, strengthOf } from "./markers.ts";
import { programsOf } from "./programs.ts";
import type { Snapshot } from "./snapshot.ts";

/** A folder that may be deployed by itself, or one program of a folder that holds several. */
export interface Unit {
  /** `services/api`, or `.#worker` for a program of a folder. */
  id: string;
  /** The folder; `.` is the root. */
  path: string;
  /** Which program of the folder, where it holds several: `worker` of `cmd/worker`. */
  program: string | null;
  /** Base names of the files that make it one. */
  markers: readonly string[];
}

type Marked = Map<string, { markers: string[]; strengths: Set<Strength | "loose"> }>;

/** Packages that a page carries with it. */
const CARRIED = /(?:^|\/)(?:wwwroot\/lib|bower_components|jspm_packages)(?:\/|$)/;
const CODE = new Set("js mjs cjs ts mts tsx jsx py go rs java kt scala rb php cs fs ex exs dart swift clj".split(" "));
/** Folders of pages that belong to the folder around them, and those of templates, which are no pages. */
const PUBLISHED = new Set("public static www html htdocs site dist build _site src web".split(" "));
const TEMPLATES = /(?:^|\/)(?:templates?|views|partials|layouts|_layouts|_includes|resources)(?:\/|$)/;
const SITES = /^(?:hugo\.|config\.|zola\.toml|_config\.yml)/;
const LOOSE_DEPTH = 3;
const REQUIREMENTS =
  /^(?:(.+)\/)?(requirements(?:\/|[-_.])(?:base|common|core|prod|production|main|app|web|server|requirements)\.(?:txt|in))$/;
const PYTHON_MANIFESTS = new Set(["pyproject.toml", "requirements.txt", "Pipfile", "setup.py", "environment.yml"]);

/** All units of a repository, those near the root first. */
export function findUnits(snapshot: Snapshot): Unit[] {
  const marked = marks(snapshot);
  addLoose(snapshot, marked);
  if ([...marked.keys()].every(isAside)) addOnly(snapshot, marked);
  dropPages(marked);
  dropDeployments(snapshot, marked);
  dropManagers(marked);
  publish(marked);
  const folders = new Set(marked.keys());
  return [...marked]
    .sort(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1))
    .flatMap(([path, { markers }]): Unit[] => {
      const programs = programsOf(snapshot, { folder: path, units: folders }, markers);
      if (programs.length < 2) return [{ id: path, path, program: null, markers }];
      return programs.map((program) => ({ id: `${path}#${program}`, path, program, markers }));
    });
}

function marks(snapshot: Snapshot): Marked {
  const marked: Marked = new Map();
  const mark = (folder: string, marker: string, strength: Strength) => {
    const found = marked.get(folder) ?? { markers: [], strengths: new Set() };
    found.markers.push(marker);
    found.strengths.add(strength);
    marked.set(folder, found);
  };
  for (const path of snapshot.paths) {
    // Hugo takes its configuration from a folder too.
    const folder = /(?:^|\/)config\/_default\/[^/]+$/.test(path) ? folderOf(folderOf(folderOf(path))) : folderOf(path);
    const strength = CARRIED.test(folder) ? undefined : strengthOf(snapshot, path);
    if (strength) mark(folder, baseOf(path), strength);
    // What a program of Python needs may lie in a folder of its own, and belongs to the one around it.
    const inFolder = path.includes("requirements") ? REQUIREMENTS.exec(path) : null;
    if (inFolder) mark(inFolder[1] ?? ".", inFolder[2] as string, "manifest");
  }
  for (const folder of [...marked.keys()]) if (isTheme(marked, folder)) marked.delete(folder);
  // A Gradle project needs no build file of its own.
  for (const [folder, { settings }] of gradleProjects(snapshot))
    if (!marked.has(folder) && folder !== ".") mark(folder, baseOf(settings), "manifest");
  return marked;
}

/** Programs without a manifest, where no unit is around them; a Makefile or the root of a workspace is none. */
function addLoose(snapshot: Snapshot, marked: Marked): void {
  for (const folder of snapshot.folders) {
    const loose = looseIn(snapshot, folder);
    if (loose.length === 0 || folder.split("/").length > LOOSE_DEPTH) continue;
    const around = nearest(
      marked,
      folder,
      ({ markers, strengths }) => !isOnly(strengths, "workspace") && !isOnlyMake(markers),
    );
    if (around !== undefined) continue;
    const root = packageRoot(snapshot, folder, loose);
    const own = marked.get(root);
    const names = root === folder ? loose : loose.map((base) => `${baseOf(folder)}/${base}`);
    marked.set(root, {
      markers: [...(own?.markers ?? []), ...names],
      strengths: new Set([...(own?.strengths ?? []), "loose"]),
    });
  }
}

/** Where a loose program is started: above a package of Python whose files name it, `from app.db import session`. */
function packageRoot(snapshot: Snapshot, folder: string, loose: readonly string[]): string {
  const name = baseOf(folder);
  if (folder === "." || !/^\w+$/.test(name) || !loose.every((base) => base.endsWith(".py"))) return folder;
  const named = new RegExp(`^[ \\t]*(?:from|import)[ \\t]+${name}(?:\\.|[ \\t]+import\\b)`, "m");
  const isNamed = loose.some((base) => named.test(snapshot.text(joinPath(folder, base) as string) ?? ""));
  return isNamed ? folderOf(folder) : folder;
}

/** The only program of a repository that has nothing else, whatever it is called. */
function addOnly(snapshot: Snapshot, marked: Marked): void {
  const code = snapshot.inFolder(".").filter((path) => CODE.has(extensionOf(path)));
  if (code.length === 1 && code[0]) marked.set(".", { markers: [baseOf(code[0])], strengths: new Set(["loose"]) });
}

/** A weak marker inside another unit is a part of that unit: `public/index.html`, `docs/Makefile`. */
function dropPages(marked: Marked): void {
  for (const [folder, { markers, strengths }] of [...marked]) {
    if (!isOnly(strengths, "weak")) continue;
    const around = nearest(marked, folderOf(folder), (other) => {
      if (isOnly(other.strengths, "workspace")) return false;
      return !isOnly(other.strengths, "weak") || !hasPages(markers) || hasPages(other.markers);
    });
    const inside = folder !== "." && around !== undefined;
    if (inside || (isOnlyPages(markers) && TEMPLATES.test(folder))) marked.delete(folder);
  }
}

/** What only a platform's file marks is a part of the unit around it, but for programs of Go and several siblings with code. */
function dropDeployments(snapshot: Snapshot, marked: Marked): void {
  const alone = [...marked].flatMap(([folder, { strengths }]) => {
    const only = [...strengths].every((strength) => strength === "deployment" || strength === "weak");
    const around =
      folder === "." ? undefined : nearest(marked, folderOf(folder), (other) => other.strengths.has("manifest"));
    return only && around !== undefined ? [{ folder, around }] : [];
  });
  const withCode = alone.filter(({ folder }) => snapshot.inFolder(folder).some((path) => CODE.has(extensionOf(path))));
  const count = Map.groupBy(withCode, ({ around }) => around);
  for (const { folder, around } of alone) {
    const siblings = count.get(around) ?? [];
    const code = siblings.some((other) => other.folder === folder);
    if (!(code && (siblings.length > 1 || isGoMain(snapshot, folder)))) marked.delete(folder);
  }
}

/** `mysite/manage.py` below the manifest that installs Django is a part of that project, as is `bin/app.psgi`. */
function dropManagers(marked: Marked): void {
  const installs = (markers: readonly string[]) =>
    markers.some((marker) => PYTHON_MANIFESTS.has(marker) || REQUIREMENTS.test(marker));
  for (const [folder, { markers }] of [...marked]) {
    if (folder === ".") continue;
    const above = (holds: (markers: readonly string[]) => boolean) =>
      nearest(marked, folderOf(folder), (other) => holds(other.markers)) !== undefined;
    if (markers.every((marker) => marker === "manage.py") && above(installs)) marked.delete(folder);
    // Dancer keeps what a server loads in `bin`.
    if (markers.every((marker) => marker === "app.psgi") && above((found) => found.includes("cpanfile")))
      marked.delete(folder);
  }
}

/** A folder of pages alone, `public/index.html`, is what the folder around it publishes. */
function publish(marked: Marked): void {
  for (const [folder, found] of [...marked]) {
    const parent = folderOf(folder);
    const others = [...marked.keys()].filter((other) => other !== folder);
    if (folder === "." || !isOnlyPages(found.markers) || !PUBLISHED.has(baseOf(folder))) continue;
    if (others.some((other) => parent === "." || other === parent || other.startsWith(`${parent}/`))) continue;
    marked.delete(folder);
    marked.set(parent, found);
  }
}

/** A theme that a site carries with it, and the example of the theme. */
function isTheme(marked: Marked, folder: string): boolean {
  const [whole, site = "."] = /^(?:(.+?)\/)?themes\/[^/]+/.exec(folder) ?? [];
  return whole !== undefined && (marked.get(site)?.markers.some((marker) => SITES.test(marker)) ?? false);
}

function nearest(
  marked: Marked,
  folder: string,
  holds: (found: { markers: string[]; strengths: Set<string> }) => boolean,
) {
  for (let at = folder; ; at = folderOf(at)) {
    const found = marked.get(at);
    if (found && holds(found)) return at;
    if (at === ".") return undefined;
  }
}

function isGoMain(snapshot: Snapshot, folder: string): boolean {
  return snapshot
    .inFolder(folder)
    .some((path) => /(?<!_test)\.go$/.test(path) && /^package main\b/m.test(snapshot.text(path) ?? ""));
}

function isOnly(strengths: ReadonlySet<string>, strength: Strength): boolean {
  return strengths.size === 1 && strengths.has(strength);
}

function isOnlyMake(markers: readonly string[]): boolean {
  return markers.every((marker) => marker === "Makefile");
}

function hasPages(markers: readonly string[]): boolean {
  return markers.some((marker) => marker === "index.html" || marker === "_config.yml" || marker === "index.php");
}

function isOnlyPages(markers: readonly string[]): boolean {
  return markers.every((marker) => marker === "index.html");
}

function depth(path: string): number {
  return path === "." ? 0 : path.split("/").length;
}
