import { recordAt, stringAt } from "../../../../formats/document.ts";
import { folderOf } from "../../../../formats/tree.ts";
import { hasFolder, jsonFile, present, type Site } from "../recipe.ts";
import type { Manager } from "./node-packages.ts";

interface Member {
  folder: string;
  name: string;
  manifest: Record<string, unknown>;
}

const RUNS_BUILD = /^(?:npm|pnpm|yarn|bun) (?:run )?(build(?::\w+)?)$/;
/** Build commands that are meant for the root of the workspace. */
const FROM_ROOT = /\b(?:turbo|nx|lerna|moon)\b|(?:^|\s)(?:-w|--workspace|--filter|-F)[ =]/;

/** The commands that build a service of a workspace, run at its root, with the packages of the workspace it needs built before it. */
export function workspaceBuild(site: Site, manager: Manager): { root: string[]; own: string | null } {
  const { build } = site.service;
  const member = { folder: site.folder, name: "", manifest: jsonFile(site, site.inService("package.json")) };
  const name = stringAt(member.manifest, ["name"]);
  const needed = builtBefore(site, member);
  if (build !== null && FROM_ROOT.test(build)) return { root: [build], own: null };
  const script = RUNS_BUILD.exec(build ?? "")?.[1];
  if (needed.length === 0) return { root: [], own: build };
  if (name !== undefined && script === "build" && site.has("turbo.json") && usesTurbo(site))
    return { root: [`${EXECUTES[manager]} turbo run build --filter=${name}...`], own: null };
  if (name !== undefined && script !== undefined && manager === "pnpm")
    return { root: [`pnpm --filter ${name}... run ${script}`], own: null };
  return { root: needed.map((other) => BUILDS[manager](other.name)), own: build };
}

const EXECUTES: Record<Manager, string> = { npm: "npx", pnpm: "pnpm exec", yarn: "yarn", bun: "bunx" };
const BUILDS: Record<Manager, (name: string) => string> = {
  npm: (name) => `npm run build --workspace=${name}`,
  pnpm: (name) => `pnpm --filter ${name} run build`,
  yarn: (name) => `yarn workspace ${name} run build`,
  bun: (name) => `bun run --filter ${name} build`,
};

function usesTurbo(site: Site): boolean {
  const root = jsonFile(site, "package.json");
  return ["dependencies", "devDependencies"].some((kind) => recordAt(root, [kind]).turbo !== undefined);
}

/** Packages of the workspace that have a build of their own, those that others need first. */
function builtBefore(site: Site, service: Member): Member[] {
  const all = neededBy(site, service, ["dependencies", "devDependencies", "peerDependencies"]);
  return all.filter(({ manifest }) => recordAt(manifest, ["scripts"]).build !== undefined);
}

const RUNNING = ["dependencies", "optionalDependencies", "peerDependencies"];
/** Settings that sources are run with. */
const ROOT_FILES = ["package.json", "tsconfig.json", "tsconfig.base.json", "bunfig.toml"];
/** What services of a workspace may share beside its packages. */
const ROOT_FOLDERS = ["config", "drizzle", "migrations", "prisma"];

/**
 * What of a built workspace the image of a service takes over: itself, the packages it runs with, what is installed at the root.
 * Undefined where that cannot be told, so that all of it is.
 */
export function runtimeParts(site: Site): { files: string[]; folders: string[] } | undefined {
  const { service, folder } = site;
  const whole = folder === "." || service.workspace === null || site.has("nx.json");
  if (whole || !site.has(site.inService("package.json")) || /\.\.\//.test(`${service.start} ${service.build}`))
    return undefined;
  return {
    files: present(site, ROOT_FILES),
    folders: [...ROOT_FOLDERS.filter((name) => hasFolder(site, name)), ...[folder, ...neededFolders(site)].sort()],
  };
}

/** Folders of the packages of the workspace that a service runs with; none for a service that is no member. */
export function neededFolders(site: Site): string[] {
  if (site.folder === ".") return [];
  const member = { folder: site.folder, name: "", manifest: jsonFile(site, site.inService("package.json")) };
  return neededBy(site, member, RUNNING).map(({ folder }) => folder);
}

/** Packages of the workspace that a service needs by these lists, those that others need first. */
function neededBy(site: Site, service: Member, lists: readonly string[]): Member[] {
  const members = new Map(
    site
      .paths()
      .filter((path) => path.endsWith("/package.json"))
      .map((path): Member => {
        const manifest = jsonFile(site, path);
        return { folder: folderOf(path), name: stringAt(manifest, ["name"]) ?? "", manifest };
      })
      .map((member) => [member.name, member] as const),
  );
  const ordered: Member[] = [];
  const seen = new Set([service.folder]);
  const visit = ({ manifest }: Member) => {
    for (const kind of lists)
      for (const name of Object.keys(recordAt(manifest, [kind]))) {
        const other = members.get(name);
        if (!other || seen.has(other.folder)) continue;
        seen.add(other.folder);
        visit(other);
        ordered.push(other);
      }
  };
  visit(service);
  return ordered;
}
