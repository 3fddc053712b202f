import { baseOf, folderOf, isIn } from "../formats/tree.ts";
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

/** Files whose folder is a unit: manifests of package managers and of deployments. */
const MARKERS = new Set([
  ...["package.json", "package.json5", "package.yaml", "deno.json", "deno.jsonc", "bun.lock", "bun.lockb"],
  ...["pyproject.toml", "requirements.txt", "Pipfile", "setup.py", "setup.cfg", "manage.py", "environment.yml"],
  ...[
    "go.mod",
    "Cargo.toml",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "Gemfile",
    "config.ru",
    "composer.json",
    "mix.exs",
  ],
  ...[
    "gleam.toml",
    "build.sbt",
    "deps.edn",
    "project.clj",
    "pubspec.yaml",
    "Package.swift",
    "stack.yaml",
    "build.zig",
    "CMakeLists.txt",
    "Makefile",
  ],
  ...["index.html", "index.php", "hugo.toml", "_config.yml", "zola.toml", "mkdocs.yml"],
  ...[
    "Dockerfile",
    "Containerfile",
    "Procfile",
    "fly.toml",
    "railway.json",
    "railway.toml",
    "vercel.json",
    "netlify.toml",
  ],
  ...["serverless.yml", "app.yaml", "app.json"],
]);
const MARKER_ENDINGS = [".csproj", ".fsproj", ".vbproj", ".cabal"];
/** Programs without any manifest, where nothing else marks the folder. */
const LOOSE = /^(server|index|app|main|worker|bot)\.(js|mjs|cjs|ts|mts|py|rb|php|go|rs|sh)$/;
const WEAK = new Set(["Makefile", "index.html", "index.php", "CMakeLists.txt", "app.json", "_config.yml", "app.yaml"]);

/** All units of a repository, those near the root first. */
export function findUnits(snapshot: Snapshot): Unit[] {
  const marked = new Map<string, string[]>();
  for (const path of snapshot.paths)
    if (isMarker(baseOf(path))) marked.set(folderOf(path), [...(marked.get(folderOf(path)) ?? []), baseOf(path)]);
  // A weak marker inside another unit is a part of that unit: public/index.html, docs/Makefile.
  for (const [folder, markers] of [...marked])
    if (
      markers.every((marker) => WEAK.has(marker)) &&
      [...marked.keys()].some((other) => other !== folder && isIn(folder, other))
    )
      marked.delete(folder);
  for (const folder of snapshot.folders) {
    const loose = snapshot
      .inFolder(folder)
      .map(baseOf)
      .filter((base) => LOOSE.test(base));
    const covered = [...marked.keys()].some((other) => isIn(folder, other));
    if (loose.length > 0 && !covered && folder.split("/").length <= 3) marked.set(folder, loose);
  }
  return [...marked]
    .sort(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1))
    .flatMap(([path, markers]): Unit[] => {
      const programs = programsOf(snapshot, path, markers);
      if (programs.length < 2) return [{ id: path, path, program: null, markers }];
      return programs.map((program) => ({ id: `${path}#${program}`, path, program, markers }));
    });
}

function isMarker(base: string): boolean {
  return MARKERS.has(base) || MARKER_ENDINGS.some((ending) => base.endsWith(ending));
}

function depth(path: string): number {
  return path === "." ? 0 : path.split("/").length;
}
