import { baseOf } from "../formats/tree.ts";

/** Folders that hold what others wrote or a build made; the same in each ecosystem, whatever `.gitignore` says. */
const SKIPPED = new Set(
  (
    "node_modules bower_components jspm_packages vendor/bundle .git .hg .svn .venv venv .tox .nox __pycache__ .mypy_cache " +
    ".pytest_cache .ruff_cache .eggs site-packages .gradle .m2 .bundle .next .nuxt .svelte-kit .astro .turbo .nx .parcel-cache " +
    ".cache .yarn .pnpm-store .angular .vercel .netlify .terraform .serverless .aws-sam .stationmaster _build deps/.hex " +
    ".elixir_ls .dart_tool .stack-work dist-newstyle zig-cache .zig-cache .idea .vs .nyc_output .output"
  ).split(" "),
);
/** Folders of builds and of dependencies with names that people use too: skipped where the marker lies beside them. */
const SKIPPED_BESIDE = new Map<string, readonly string[]>([
  ["target", ["Cargo.toml", "pom.xml", "build.sbt"]],
  ["vendor", ["composer.json", "go.mod", "Gemfile"]],
  ["deps", ["mix.exs"]],
  ["bin", [".csproj", ".fsproj"]],
  ["obj", [".csproj", ".fsproj"]],
  ["coverage", ["package.json", "composer.json", "pyproject.toml", "pubspec.yaml"]],
]);
/** A folder with this file is an environment of Python, whatever its name. */
export const VENV_MARK = "pyvenv.cfg";

/** Whether a folder holds what others wrote or a build made; `beside` are the names in the folder above. */
export function isSkipped(path: string, beside: readonly string[]): boolean {
  const base = baseOf(path);
  if (SKIPPED.has(base) || SKIPPED.has(path.split("/").slice(-2).join("/"))) return true;
  return (SKIPPED_BESIDE.get(base) ?? []).some((mark) =>
    beside.some((name) => name === mark || (mark.startsWith(".") && name.endsWith(mark))),
  );
}
