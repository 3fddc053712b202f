import { folderOf, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Dependency } from "../../declared/dependency.ts";
import { dependenciesOf } from "../../dependencies.ts";
import type { Evidence } from "../../fact.ts";
import { type Hit, hitsIn } from "../../search.ts";
import type { Snapshot } from "../../snapshot.ts";

/** What `mix.exs` says of a unit. */
export interface MixProject {
  view: View;
  file: string;
  /** Text of mix.exs without comments. */
  code: string;
  app: string | undefined;
  /** First release that it names. */
  release: string | undefined;
  /** Folder of the applications of an umbrella, where it is one. */
  apps: string | undefined;
  /** Root of the umbrella around it. */
  umbrella: string | undefined;
  /** Packages of production; those of all its applications for the root of an umbrella. */
  needs(...names: string[]): Dependency | undefined;
  /** The first place of a pattern (with the flag `g`) in mix.exs. */
  find(pattern: RegExp): Hit | undefined;
  /** A path of the unit that exists, as one from the root. */
  path(relative: string): string | undefined;
}

/** The Mix project that a unit is, or undefined. */
export function projectOf(view: View): MixProject | undefined {
  const { snapshot, unit } = view;
  const path = (relative: string) => {
    const found = joinPath(unit.path, relative) as string;
    return snapshot.has(found) ? found : undefined;
  };
  const file = path("mix.exs");
  if (file === undefined) return undefined;
  const code = snapshot.code(file)?.code ?? "";
  const find = (pattern: RegExp) => hitsIn(code, pattern, file)[0];
  const apps = /\bapps_path:\s*"([^"]+)"/.exec(code)?.[1];
  const folders =
    apps === undefined ? [unit.path] : [unit.path, ...applications(snapshot, joinPath(unit.path, apps) as string)];
  const all = folders
    .flatMap((folder) => dependenciesOf(snapshot, folder))
    .filter(({ ecosystem, group }) => ecosystem === "hex" && group !== "dev");
  return {
    view,
    file,
    code,
    app: /\bapp:\s*:"?(\w+)/.exec(code)?.[1],
    release: releaseOf(code),
    apps,
    umbrella: umbrellaOf(snapshot, unit.path),
    needs: (...names) => all.find(({ name }) => names.includes(name)),
    find,
    path,
  };
}

/** Where a package is asked for. */
export function askedAt({ view }: MixProject, { file, place, name }: Dependency): Evidence {
  return view.seen(file, place(), `package-${name}`);
}

/** Folders of an umbrella's applications. */
export function applications(snapshot: Snapshot, folder: string): string[] {
  return snapshot.named("mix.exs").flatMap((path) => (folderOf(folderOf(path)) === folder ? [folderOf(path)] : []));
}

/** `releases: [shop: [...]]`, also where a function `releases` returns the list. */
function releaseOf(code: string): string | undefined {
  const inline = /\breleases:\s*\[\s*(\w+):/.exec(code)?.[1];
  return inline ?? /\bdefp?\s+releases(?:\s*\(\s*\))?\s*(?:do\b|,\s*do:)\s*\[\s*(\w+):/.exec(code)?.[1];
}

function umbrellaOf(snapshot: Snapshot, folder: string): string | undefined {
  if (folder === ".") return undefined;
  const parent = folderOf(folder);
  const root = folderOf(parent);
  const file = joinPath(root, "mix.exs") as string;
  const apps = snapshot.has(file) ? /\bapps_path:\s*"([^"]+)"/.exec(snapshot.code(file)?.code ?? "")?.[1] : undefined;
  return apps !== undefined && joinPath(root, apps) === parent ? root : undefined;
}
