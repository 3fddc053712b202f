import type { Instruction } from "../../../../formats/dockerfile/print.ts";
import { isRecord, recordAt, stringAt } from "../../../../formats/document.ts";
import { folderOf } from "../../../../formats/tree.ts";
import { copy, env, looseRun, run } from "../parts.ts";
import { copyFiles, hasFolder, jsonFile, present, type Site } from "../recipe.ts";

export type Manager = "npm" | "pnpm" | "yarn" | "bun";

interface Steps {
  /** Makes the manager's program available in the Node image. */
  setUp: Instruction[];
  install: string;
  /** The same without a lockfile. */
  loose: string;
  /** Takes out what only the build needs. */
  prune: string;
}

const ROOT_FILES = [
  ...["package.json", "pnpm-workspace.yaml", ".npmrc", ".yarnrc.yml", ".yarnrc", ".pnpmfile.cjs", "bunfig.toml"],
];
const LOCKS: Record<Manager, readonly string[]> = {
  npm: ["package-lock.json", "npm-shrinkwrap.json"],
  pnpm: ["pnpm-lock.yaml"],
  yarn: ["yarn.lock"],
  bun: ["bun.lock", "bun.lockb"],
};
/** More manifests than this are not copied one by one. */
const MOST_MANIFESTS = 25;
/** Scripts that run at installation and may need more than the manifests. */
const HOOKS = ["preinstall", "install", "postinstall", "prepare"];

/** package.json of the service; empty where it has none. */
export function packageOf(site: Site): Record<string, unknown> {
  return jsonFile(site, site.inService("package.json"));
}

/** Installs what package.json names: exactly what the lockfile says where there is one. */
export function installSteps(site: Site): { before: Instruction[]; prune: Instruction[] } {
  const manager = managerOf(site);
  const { setUp, install, loose, prune } = STEPS[manager](site);
  const manifests = manifestsOf(site);
  const [hook] = [...present(site, ["package.json"]), ...manifests].filter((path) => hasHook(site, path));
  const locks = present(site, LOCKS[manager]);
  const whole = hook !== undefined || manifests.length > MOST_MANIFESTS;
  const why = hook
    ? `stationmaster-ignore SM10: ${hook} runs a script at installation, which may need any file`
    : "stationmaster-ignore SM10: the manifests of all packages would be as many lines";
  const installing = locks.length > 0 ? run(install) : looseRun(loose, LOCKS[manager][0] ?? "lockfile");
  return {
    before: [
      ...setUp,
      ...(whole ? [copy(". .")] : copyFiles([...rootFiles(site), ...locks, ...manifests])),
      ...(whole && locks.length > 0 ? [{ ...installing, comment: why }] : [installing]),
      ...(whole ? [] : [copy(". .")]),
    ],
    prune: prune === "" ? [] : [run(prune)],
  };
}

const STEPS: Record<Manager, (site: Site) => Steps> = {
  npm: () => ({
    setUp: [],
    install: "npm ci",
    loose: "npm install --no-audit --no-fund",
    prune: "npm prune --omit=dev",
  }),
  pnpm: (site) => ({
    setUp: [run(`npm install --global pnpm@${versionOf(site, "pnpm")}`)],
    install: "pnpm install --frozen-lockfile",
    loose: "pnpm install --no-frozen-lockfile",
    // `pnpm prune` would take the links of the other packages of a workspace too.
    prune: "CI=true pnpm install --prod --frozen-lockfile --ignore-scripts",
  }),
  yarn: (site) => (isBerry(site) ? berry(site) : CLASSIC),
  bun: (site) => ({
    setUp: site.service.runtime.name === "bun" ? [] : [run(`npm install --global bun@${versionOf(site, "bun")}`)],
    install: "bun install --frozen-lockfile",
    loose: "bun install",
    prune: "rm -rf node_modules\n&& bun install --production --frozen-lockfile --ignore-scripts",
  }),
};

const CLASSIC: Steps = {
  setUp: [],
  install: "yarn install --frozen-lockfile",
  loose: "yarn install",
  prune: "yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline",
};

function isBerry(site: Site): boolean {
  return (
    site.has(".yarnrc.yml") || /^yarn@[2-9]/.test(stringAt(jsonFile(site, "package.json"), ["packageManager"]) ?? "")
  );
}

function berry(site: Site): Steps {
  const settings = site.text(".yarnrc.yml") ?? "";
  const named = stringAt(jsonFile(site, "package.json"), ["packageManager"]) ?? "";
  return {
    setUp: [
      // Plug'n'Play would need a loader in front of the program; the lockfile is the same for both.
      ...(/^nodeLinker:/m.test(settings) ? [] : [env("YARN_NODE_LINKER=node-modules")]),
      ...(settings.includes("yarnPath") ? [] : [run("corepack enable")]),
    ],
    install: "yarn install --immutable",
    loose: "yarn install",
    // Older ones have this only as a plug-in.
    prune: /^yarn@[4-9]/.test(named) ? "yarn workspaces focus --all --production" : "",
  };
}

/** The manager of a service's packages; npm where none is known, for every image of Node has it. */
export function managerOf({ service: { packageManager } }: Site): Manager {
  return packageManager === "pnpm" || packageManager === "yarn" || packageManager === "bun" ? packageManager : "npm";
}

/** The version that `packageManager` names, the one that writes the lockfile at hand, or the table's. */
function versionOf(site: Site, manager: "pnpm" | "bun"): string {
  const root = jsonFile(site, "package.json");
  const named = new RegExp(`^${manager}@(\\d+\\.\\d+\\.\\d+)`).exec(stringAt(root, ["packageManager"]) ?? "")?.[1];
  if (named) return named;
  const lock = /^lockfileVersion:\s*'?(\d+)/m.exec(site.text("pnpm-lock.yaml") ?? "")?.[1];
  // pnpm 8 wrote version 6; 9 and 10 write 9.
  if (manager === "pnpm" && lock === "6") return "8";
  return site.plan.pins.tools[manager]?.version ?? "1";
}

function rootFiles(site: Site): string[] {
  const folders = ["patches", ".yarn/releases", ".yarn/patches", ".yarn/plugins"].filter((folder) =>
    hasFolder(site, folder),
  );
  return [...present(site, ROOT_FILES), ...folders.map((folder) => `${folder}/`), ...prismaSchemas(site)];
}

/** @prisma/client makes its code at installation, from the schemas of all packages that are installed. */
function prismaSchemas(site: Site): string[] {
  const folders = [".", site.folder, ...manifestsOf(site).map(folderOf)];
  return present(
    site,
    folders.map((folder) => (folder === "." ? "prisma/schema.prisma" : `${folder}/prisma/schema.prisma`)),
  );
}

/** Manifests of the workspace below its root: the installer wants all that the lockfile names. */
function manifestsOf(site: Site): string[] {
  return site.folder === "." ? [] : site.paths().filter((path) => path.endsWith("/package.json"));
}

function hasHook(site: Site, path: string): boolean {
  const scripts = recordAt(jsonFile(site, path), ["scripts"]);
  return isRecord(scripts) && HOOKS.some((hook) => scripts[hook] !== undefined && !isHarmless(String(scripts[hook])));
}

/** Hooks of git, and code made from a schema that is copied: no other file is needed. */
function isHarmless(script: string): boolean {
  return /^(?:husky(?: install)?(?: \|\| true)?|prisma generate|(?:npx )?lefthook install|simple-git-hooks)$/.test(
    script.trim(),
  );
}
