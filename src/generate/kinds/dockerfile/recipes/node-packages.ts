import type { Instruction } from "../../../../formats/dockerfile/print.ts";
import { isRecord, recordAt, stringAt } from "../../../../formats/document.ts";
import { parseJson } from "../../../../formats/json.ts";
import { isIn } from "../../../../formats/tree.ts";
import { copy, run } from "../parts.ts";
import { copyFiles, present, type Site } from "../recipe.ts";

type Manager = "npm" | "pnpm" | "yarn" | "bun";

interface Steps {
  /** Makes the manager's program available in the Node image. */
  setUp: Instruction[];
  install: string;
  /** Takes out what only the build needs. */
  prune: string;
}

const ROOT_FILES = [
  ...[
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
  ],
  ...[".npmrc", ".yarnrc.yml", ".yarnrc", ".pnpmfile.cjs", "bunfig.toml"],
];
const LOCKS = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"];
/** More manifests than this are not copied one by one. */
const MOST_MANIFESTS = 25;
/** Scripts that run at installation and may need more than the manifests. */
const HOOKS = ["preinstall", "install", "postinstall", "prepare"];

/** package.json of the service, or of the workspace where it has none. */
export function packageOf(site: Site): Record<string, unknown> {
  return recordAt(parseJson(site.text(site.inService("package.json")) ?? "{}").value);
}

/** Installs what package.json names: exactly what the lockfile says where there is one. */
export function installSteps(site: Site): { before: Instruction[]; prune: Instruction[] } {
  const manager = managerOf(site);
  const { setUp, install, prune } = STEPS[manager](site);
  const manifests = manifestsOf(site);
  const hooks = manifests.filter((path) => hasHook(site, path));
  if (!present(site, LOCKS).length)
    site.notes.push(
      `${site.service.name} has no lockfile: its image differs from build to build until one is committed`,
    );
  const whole = hooks.length > 0 || manifests.length > MOST_MANIFESTS;
  const why =
    hooks.length > 0
      ? `${hooks[0]} runs a script at installation, which may need any file.`
      : "Many packages: their manifests alone would be as many lines.";
  return {
    before: [
      ...setUp,
      ...(whole ? [copy(". .", why)] : copyFiles([...rootFiles(site), ...manifests])),
      run(install),
      ...(whole ? [] : [copy(". .")]),
    ],
    prune: prune === "" ? [] : [run(prune)],
  };
}

const STEPS: Record<Manager, (site: Site) => Steps> = {
  npm: (site) => ({
    setUp: [],
    install:
      site.has("package-lock.json") || site.has("npm-shrinkwrap.json") ? "npm ci" : "npm install --no-audit --no-fund",
    prune: "npm prune --omit=dev",
  }),
  pnpm: (site) => ({
    setUp: [run(`npm install --global pnpm@${versionOf(site, "pnpm")}`)],
    install: site.has("pnpm-lock.yaml") ? "pnpm install --frozen-lockfile" : "pnpm install",
    // In a workspace it takes the links of the other packages too, so that only the whole is sound.
    prune:
      site.folder === "."
        ? "CI=true pnpm prune --prod"
        : "CI=true pnpm install --prod --frozen-lockfile --ignore-scripts",
  }),
  yarn: (site) =>
    site.has(".yarnrc.yml")
      ? {
          setUp: site.text(".yarnrc.yml")?.includes("yarnPath") ? [] : [run("corepack enable")],
          install: "yarn install --immutable",
          prune: "",
        }
      : {
          setUp: [],
          install: site.has("yarn.lock") ? "yarn install --frozen-lockfile" : "yarn install",
          prune: "yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline",
        },
  bun: (site) => ({
    setUp: site.service.runtime.name === "bun" ? [] : [run(`npm install --global bun@${versionOf(site, "bun")}`)],
    install: site.has("bun.lock") || site.has("bun.lockb") ? "bun install --frozen-lockfile" : "bun install",
    prune: "rm -rf node_modules\n&& bun install --production --frozen-lockfile",
  }),
};

/** The command that runs a script of package.json. */
export function managerOf({ service: { packageManager } }: Site): Manager {
  return packageManager === "pnpm" || packageManager === "yarn" || packageManager === "bun" ? packageManager : "npm";
}

/** The version that `packageManager` names, the one that writes the lockfile at hand, or the table's. */
function versionOf(site: Site, manager: "pnpm" | "bun"): string {
  const root = recordAt(parseJson(site.text("package.json") ?? "{}").value);
  const named = new RegExp(`^${manager}@(\\d+\\.\\d+\\.\\d+)`).exec(stringAt(root, ["packageManager"]) ?? "")?.[1];
  if (named) return named;
  const lock = /^lockfileVersion:\s*'?(\d+)/m.exec(site.text("pnpm-lock.yaml") ?? "")?.[1];
  // pnpm 8 wrote version 6; 9 and 10 write 9.
  const old = manager === "pnpm" && lock === "6" ? site.plan.pins.tools["pnpm-8"] : undefined;
  return (old ?? site.plan.pins.tools[manager])?.version ?? "latest";
}

function rootFiles(site: Site): string[] {
  const patches = ["patches", ".yarn/releases", ".yarn/patches", ".yarn/plugins"].filter((folder) =>
    hasFolder(site, folder),
  );
  return [...present(site, ROOT_FILES), ...patches.map((folder) => `${folder}/`), ...prismaFolder(site)];
}

/** @prisma/client makes its code at installation, from the schema. */
function prismaFolder(site: Site): string[] {
  const schema = site.inService("prisma/schema.prisma");
  return site.has(schema) ? [schema] : [];
}

/** Manifests of the workspace below its root: the installer wants all that the lockfile names. */
function manifestsOf({ plan, context, folder }: Site): string[] {
  if (folder === ".") return [];
  const prefix = context === "." ? "" : `${context}/`;
  return plan.tree.paths
    .filter((path) => path.endsWith("/package.json") && isIn(path, context) && path !== `${prefix}package.json`)
    .map((path) => path.slice(prefix.length));
}

function hasHook(site: Site, path: string): boolean {
  const scripts = recordAt(parseJson(site.text(path) ?? "{}").value, ["scripts"]);
  return isRecord(scripts) && HOOKS.some((hook) => scripts[hook] !== undefined && !isHarmless(String(scripts[hook])));
}

/** Hooks of git, and code made from a schema that is copied: no other file is needed. */
function isHarmless(script: string): boolean {
  return /^(?:husky(?: install)?(?: \|\| true)?|prisma generate|(?:npx )?lefthook install|simple-git-hooks)$/.test(
    script.trim(),
  );
}

function hasFolder({ plan, context }: Site, folder: string): boolean {
  const path = context === "." ? folder : `${context}/${folder}`;
  return plan.tree.paths.some((file) => file.startsWith(`${path}/`));
}
