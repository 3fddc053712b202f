import { type Ignores, ignoreRules } from "../formats/ignore-rules.ts";
import { decodeText } from "../formats/text.ts";
import { baseOf } from "../formats/tree.ts";
import type { FileEntry, Files } from "./files.ts";
import type { Warning } from "./snapshot.ts";

export interface Limits {
  files: number;
  /** Folders below each other. */
  depth: number;
  /** Larger files are read to `headBytes` only. */
  fileBytes: number;
  headBytes: number;
  /** Read in all. */
  bytes: number;
}

const LIMITS: Limits = { files: 50_000, depth: 24, fileBytes: 1 << 20, headBytes: 64 << 10, bytes: 64 << 20 };

/** Folders that hold what others wrote or a build made; the same in each ecosystem, whatever `.gitignore` says. */
const SKIPPED = new Set(
  (
    "node_modules bower_components jspm_packages vendor/bundle .git .hg .svn .venv venv .tox .nox __pycache__ .mypy_cache " +
    ".pytest_cache .ruff_cache .eggs site-packages .gradle .m2 .bundle .next .nuxt .svelte-kit .astro .turbo .nx .parcel-cache " +
    ".cache .yarn .pnpm-store .angular .vercel .netlify .terraform .serverless .aws-sam .stationmaster _build deps/.hex " +
    ".elixir_ls .dart_tool .stack-work dist-newstyle zig-cache .zig-cache .idea .vs coverage .nyc_output .output"
  ).split(" "),
);
/** Folders of builds and of dependencies with names that people use too: skipped where the marker lies beside them. */
const SKIPPED_BESIDE: Record<string, readonly string[]> = {
  target: ["Cargo.toml", "pom.xml", "build.sbt"],
  vendor: ["composer.json", "go.mod", "Gemfile"],
  deps: ["mix.exs"],
  bin: [".csproj", ".fsproj"],
  obj: [".csproj", ".fsproj"],
  env: ["pyvenv.cfg"],
};
const VENV_MARK = "pyvenv.cfg";

interface Walked {
  files: FileEntry[];
  warnings: Warning[];
  truncated: boolean;
  limits: Limits;
}

/** All files that count, breadth first: near the root is seen before a limit is reached. */
export function walk(files: Files, given: Partial<Limits>): Walked {
  const limits = { ...LIMITS, ...given };
  const found: FileEntry[] = [];
  const warnings: Warning[] = [];
  let truncated = false;
  let level: { folder: string; ignores: Ignores[] }[] = [{ folder: ".", ignores: [] }];
  for (let depth = 0; level.length > 0 && !truncated; depth += 1) {
    const next: typeof level = [];
    for (const { folder, ignores: above } of level) {
      const here = files.list(folder);
      for (const { path, message } of here.problems) warnings.push({ message, file: path });
      const names = here.files.map(({ path }) => baseOf(path));
      if (folder !== "." && names.includes(VENV_MARK)) continue;
      const ignores = [...above, ...rulesOf(files, folder, names)];
      const kept = here.files.filter(({ path }) => !ignores.some((ignored) => ignored(path)));
      const room = limits.files - found.length;
      found.push(...kept.slice(0, room));
      if (kept.length > room) {
        warnings.push({ message: `only the first ${limits.files} files were looked at` });
        truncated = true;
        break;
      }
      for (const path of here.folders) {
        if (isSkipped(path, names) || ignores.some((ignored) => ignored(`${path}/`))) continue;
        if (depth + 1 < limits.depth) next.push({ folder: path, ignores });
        else {
          warnings.push({ message: `folders deeper than ${limits.depth} were not looked at`, file: path });
          truncated = true;
        }
      }
    }
    level = next;
  }
  return { files: found, warnings, truncated, limits };
}

function isSkipped(path: string, beside: readonly string[]): boolean {
  const base = baseOf(path);
  if (SKIPPED.has(base) || SKIPPED.has(path.split("/").slice(-2).join("/"))) return true;
  const marks = SKIPPED_BESIDE[base];
  return (
    marks?.some((mark) => beside.some((name) => name === mark || (mark.startsWith(".") && name.endsWith(mark)))) ??
    false
  );
}

function rulesOf(files: Files, folder: string, names: readonly string[]): Ignores[] {
  if (!names.includes(".gitignore")) return [];
  const bytes = files.read(folder === "." ? ".gitignore" : `${folder}/.gitignore`, LIMITS.headBytes);
  return bytes ? [ignoreRules(decodeText(bytes).text, folder)] : [];
}
