import { folderOf, joinPath } from "../../formats/tree.ts";
import { factValue } from "../services.ts";
import type { Snapshot } from "../snapshot.ts";
import type { GapRule } from "./rule.ts";
import { evidenceAt, type GapSite } from "./site.ts";

interface Lock {
  manifest: string;
  locks: readonly string[];
  /** Makes it, in the folder of the service. */
  command: string;
}

/** Lockfiles by the manager that writes them. */
const LOCKS: Record<string, Lock> = {
  npm: {
    manifest: "package.json",
    locks: ["package-lock.json", "npm-shrinkwrap.json"],
    command: "npm install --package-lock-only",
  },
  pnpm: { manifest: "package.json", locks: ["pnpm-lock.yaml"], command: "pnpm install --lockfile-only" },
  yarn: { manifest: "package.json", locks: ["yarn.lock"], command: "yarn install" },
  bun: { manifest: "package.json", locks: ["bun.lock", "bun.lockb"], command: "bun install" },
  poetry: { manifest: "pyproject.toml", locks: ["poetry.lock"], command: "poetry lock" },
  uv: { manifest: "pyproject.toml", locks: ["uv.lock"], command: "uv lock" },
  pdm: { manifest: "pyproject.toml", locks: ["pdm.lock"], command: "pdm lock" },
  pipenv: { manifest: "Pipfile", locks: ["Pipfile.lock"], command: "pipenv lock" },
  go: { manifest: "go.mod", locks: ["go.sum"], command: "go mod tidy" },
  cargo: { manifest: "Cargo.toml", locks: ["Cargo.lock"], command: "cargo generate-lockfile" },
  bundler: { manifest: "Gemfile", locks: ["Gemfile.lock"], command: "bundle lock" },
  composer: { manifest: "composer.json", locks: ["composer.lock"], command: "composer update --no-install" },
  mix: { manifest: "mix.exs", locks: ["mix.lock"], command: "mix deps.get" },
};

/** Lockfiles of one ecosystem: a folder should have one of them. */
const RIVALS: readonly (readonly string[])[] = [
  ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"],
  ["poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock"],
];
const SAME = [
  ["bun.lock", "bun.lockb"],
  ["package-lock.json", "npm-shrinkwrap.json"],
];

/** Where a runtime's version is written, and how. */
const PINS: Record<string, { file: string; text: string }> = {
  node: { file: ".node-version", text: "24\n" },
  bun: { file: ".bun-version", text: "1.3\n" },
  python: { file: ".python-version", text: "3.13\n" },
  ruby: { file: ".ruby-version", text: "3.4\n" },
  java: { file: ".sdkmanrc", text: "java=21-tem\n" },
  php: { file: "composer.json", text: '"require": { "php": "^8.3" }\n' },
  rust: { file: "rust-toolchain.toml", text: '[toolchain]\nchannel = "1.90"\n' },
  dotnet: { file: "global.json", text: '{ "sdk": { "version": "9.0.100", "rollForward": "latestFeature" } }\n' },
  elixir: { file: ".tool-versions", text: "elixir 1.18.4-otp-27\nerlang 27.3\n" },
  deno: { file: ".dvmrc", text: "2.5.0\n" },
};

/** What the manifests leave open. */
export const MANIFESTS: readonly GapRule[] = [
  {
    id: "no-lockfile",
    title: "no lockfile",
    why: "Each build takes the newest versions of that day, so what is tested is not what is released.",
    find(site) {
      const { service, snapshot } = site;
      const manager = factValue(service, "packageManager");
      const lock = manager === undefined || !Object.hasOwn(LOCKS, manager) ? undefined : LOCKS[manager];
      const manifest = lock && joinPath(service.unit.path, lock.manifest);
      if (!lock || manifest === undefined || !snapshot.has(manifest) || !hasDependencies(snapshot, manifest))
        return undefined;
      const own = joinPath(service.unit.path, lock.locks[0] as string) as string;
      if (lock.locks.some((name) => isAbove(snapshot, service.unit.path, name))) return undefined;
      return {
        evidence: [evidenceAt(snapshot, manifest, 1, "manifest")],
        patch: { file: own, text: `${lock.command}\n` },
      };
    },
  },
  {
    id: "open-requirements",
    title: "versions of packages are left open",
    why: "Each build takes the newest versions of that day, so what is tested is not what is released.",
    find({ service, snapshot }) {
      const file = joinPath(service.unit.path, "requirements.txt");
      if (factValue(service, "packageManager") !== "pip" || file === undefined) return undefined;
      const lines = (snapshot.text(file) ?? "").split("\n");
      const open = lines.findIndex(
        (line) => /^[A-Za-z0-9]/.test(line) && !/===?|@\s|^\w+\s*@|\.txt\b/.test(line.split("#")[0] ?? ""),
      );
      if (open === -1) return undefined;
      return {
        evidence: [evidenceAt(snapshot, file, open + 1, "requirement")],
        patch: { file, text: "pip freeze > requirements.txt\n" },
      };
    },
  },
  {
    id: "two-lockfiles",
    title: "two lockfiles",
    why: "Two package managers install different versions; which one a build takes depends on the tool.",
    find: (site) => rivals(site),
  },
  {
    id: "runtime-unpinned",
    title: "no version of the runtime",
    why: "Without one a build takes whatever is newest, and the next major version comes unannounced.",
    find({ service, entry }) {
      const runtime = service.facts.get("runtime");
      const { name, version } = factValue(service, "runtime") ?? { name: "", version: null };
      const pin = Object.hasOwn(PINS, name) ? PINS[name] : undefined;
      if (!runtime || !pin || version !== null) return undefined;
      return {
        evidence: [runtime.evidence[0] ?? entry],
        patch: { file: joinPath(service.unit.path, pin.file) ?? pin.file, text: pin.text },
      };
    },
  },
];

function rivals({ service, snapshot }: GapSite) {
  for (const names of RIVALS) {
    const found = names.filter((name) => snapshot.has(joinPath(service.unit.path, name) ?? name));
    const [first = "", second] = found.filter(
      (name) => !SAME.some(([one, other]) => name === other && found.includes(one as string)),
    );
    if (second === undefined) continue;
    const at = (name: string) => evidenceAt(snapshot, joinPath(service.unit.path, name) ?? name, 1, "lockfile");
    return { evidence: [at(first), at(second)] };
  }
  return undefined;
}

/** Lockfiles of workspaces lie in the folder above. */
function isAbove(snapshot: Snapshot, folder: string, name: string): boolean {
  if (snapshot.has(joinPath(folder, name) ?? name)) return true;
  return folder !== "." && isAbove(snapshot, folderOf(folder), name);
}

/** A manifest that asks for nothing needs no lockfile. */
function hasDependencies(snapshot: Snapshot, manifest: string): boolean {
  const text = snapshot.text(manifest) ?? "";
  if (manifest.endsWith("go.mod")) return /^(?:[ \t]*require\b|\t\S+ v\d)/m.test(text);
  return !manifest.endsWith("package.json") || /"(?:dependencies|devDependencies)"\s*:\s*\{\s*"/.test(text);
}
