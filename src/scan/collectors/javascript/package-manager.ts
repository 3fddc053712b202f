import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { baseOf, folderOf } from "../../../formats/tree.ts";
import { type Claim, type Evidence, LOCKFILE } from "../../fact.ts";
import { resolve } from "../../resolve.ts";
import { hitsIn } from "../../search.ts";
import { MANAGERS, type ManagerRow } from "../../tables/javascript-managers.ts";
import { inFolder, type Manifest } from "./manifest.ts";
import type { Project } from "./project.ts";
import { documentOf } from "./workspaces.ts";

export interface Managed {
  manager: ManagerRow;
  /** The lockfile that installs it. */
  lockfile: string | undefined;
  /** Yarn 2 and later, whose commands differ. */
  berry: boolean;
}

interface Sign {
  id: string;
  /** What it is worth among what the project declares; `code` for a mere use, `convention` for the habit. */
  worth: number | "code" | "convention";
  at: Evidence;
}

const IDS = new Set(MANAGERS.map(({ id }) => id));
const DOUBLED = 0.01;
const INSTALLS =
  /(?:^|[\s;&|"'`[(=])(?:(npm) (?:ci|install|i)(?=\s*(?:$|[&|;"'`)\]]|--))|(yarn)(?: install| --(?:frozen-lockfile|immutable)|(?=\s*(?:$|[&|;])))|(pnpm) (?:install|i|fetch)\b|(bun) (?:install|i|ci)\b|corepack prepare (npm|yarn|pnpm)@)/gm;

/** Which manager installs the package; claims every sign of one. */
export function claimPackageManager(project: Project): Managed {
  const { view } = project;
  const declared = [...declaredSigns(project), ...rushSigns(project)];
  const locks = lockSigns(project);
  const firm = [...declared, ...locks];
  const used = firm.length === 0 || locks.length > 1 ? usedSigns(project) : [];
  const agreeing = used.filter(({ id }) => firm.length === 0 || firm.some((sign) => sign.id === id));
  const weak = firm.length === 0 ? hints(project) : [];
  const habit: Sign[] = [{ id: "npm", worth: "convention", at: project.at([], "habit") }];
  const signs = [...firm, ...weak, ...agreeing];
  const claims = (signs.length > 0 ? signs : habit).map(claimOf);
  for (const { value, ...options } of claims) view.claim("packageManager", value, options);
  const weighed = claims.map(({ at, ...claim }): Claim => ({ ...claim, fact: "packageManager", evidence: [at] }));
  const id = resolve("packageManager", weighed)?.fact.value;
  const manager = MANAGERS.find((row) => row.id === id) ?? (MANAGERS.at(-1) as ManagerRow);
  // One that lies above without a workspace around both installs something else.
  const folders = [view.unit.path, project.workspace?.root ?? view.unit.path];
  const lockfile = locks.find(({ id, at }) => id === manager.id && folders.includes(folderOf(at.file)))?.at.file;
  return { manager, lockfile, berry: manager.id === "yarn" && isBerry(project, lockfile) };
}

function claimOf({ id, worth, at }: Sign) {
  return typeof worth === "number"
    ? { value: id, source: "project" as const, confidence: worth, at }
    : { value: id, source: worth, at };
}

/** `packageManager` and `devEngines` of the package, then of the root of its workspace. */
function declaredSigns(project: Project): Sign[] {
  return manifests(project).flatMap((manifest) => {
    const { document, file, data } = manifest;
    const sign = (text: string | undefined, path: readonly (string | number)[], worth: number): Sign[] => {
      const id = /^([a-z]+)(?:@|$)/.exec(text ?? "")?.[1] ?? "";
      return IDS.has(id) ? [{ id, worth, at: project.view.seenAt(file, document, path, "declared") }] : [];
    };
    const path = ["devEngines", "packageManager"];
    const engines = listAt(data, path).length > 0 ? listAt(data, path) : [recordAt(data, path)];
    return [
      ...sign(stringAt(data, ["packageManager"]), ["packageManager"], 1),
      ...engines.slice(0, 1).flatMap((item) => sign(stringAt(item, ["name"]), path, LOCKFILE)),
    ];
  });
}

/** Rush has one version of one manager for all packages, and keeps their lockfile aside. */
function rushSigns({ view, workspace }: Project): Sign[] {
  if (!workspace?.file.endsWith("rush.json")) return [];
  const document = documentOf(view.snapshot, workspace.file);
  return ["pnpm", "yarn", "npm"].flatMap((id): Sign[] =>
    stringAt(document.value, [`${id}Version`]) === undefined
      ? []
      : [{ id, worth: LOCKFILE, at: view.seenAt(workspace.file, document, [`${id}Version`], "declared") }],
  );
}

/** Lockfiles of the root of the workspace, which hold for all its packages, or of the folder itself. */
function lockSigns({ view, workspace, isRoot }: Project): Sign[] {
  const { snapshot, unit } = view;
  const member = workspace !== undefined && !isRoot;
  const inside = (folder: string, worth: number): Sign[] =>
    MANAGERS.flatMap(({ id, lockfiles }) =>
      lockfiles
        .map((base) => inFolder(folder, base))
        .filter((file) => snapshot.has(file))
        .slice(0, 1)
        .map((file) => ({ id, worth, at: view.seen(file, 1, "lockfile") })),
    ).map((sign, index) => ({ ...sign, worth: worth - index * DOUBLED }));
  const shared = member ? inside(workspace.root, LOCKFILE) : [];
  const own = inside(unit.path, shared.length > 0 ? 0.8 : LOCKFILE);
  if (shared.length + own.length > 0) return [...shared, ...own];
  // Without a workspace a lockfile above may belong to the whole repository.
  const above = unit.path === "." ? undefined : lockedAbove(view.snapshot.has, folderOf(unit.path));
  return above === undefined ? [] : inside(above, 0.7);
}

function lockedAbove(has: (path: string) => boolean, folder: string): string | undefined {
  if (MANAGERS.some(({ lockfiles }) => lockfiles.some((base) => has(inFolder(folder, base))))) return folder;
  return folder === "." ? undefined : lockedAbove(has, folderOf(folder));
}

/** What points to a manager where nothing declares one. */
function hints(project: Project): Sign[] {
  const { view, workspace } = project;
  const { snapshot, unit } = view;
  const folders = [...new Set([unit.path, workspace?.root ?? unit.path])];
  const files = [
    ["pnpm-workspace.yaml", "pnpm", 0.9],
    [".pnpmfile.cjs", "pnpm", 0.8],
    [".yarnrc.yml", "yarn", 0.9],
    [".yarnrc", "yarn", 0.8],
    ["bunfig.toml", "bun", 0.6],
  ] as const;
  const configured = folders.flatMap((folder) =>
    files.flatMap(([base, id, worth]): Sign[] => {
      const file = inFolder(folder, base);
      return snapshot.has(file) ? [{ id, worth, at: view.seen(file, 1, "settings") }] : [];
    }),
  );
  const asked = manifests(project).flatMap(({ file, document, data }) => {
    const at = (path: readonly string[]) => view.seenAt(file, document, path, "asked");
    const only = /only-allow\s+(npm|yarn|pnpm|bun)\b/.exec(stringAt(data, ["scripts", "preinstall"]) ?? "")?.[1];
    const ranged = (["volta", "engines"] as const).flatMap((key) =>
      ["pnpm", "yarn", "bun", "npm"].flatMap((id): Sign[] =>
        /^[\s^~>=<v]*\d/.test(stringAt(data, [key, id]) ?? "") ? [{ id, worth: 0.8, at: at([key, id]) }] : [],
      ),
    );
    return [
      ...(only === undefined ? [] : [{ id: only, worth: 0.9, at: at(["scripts", "preinstall"]) }]),
      ...ranged.slice(0, 1),
    ];
  });
  return [...configured, ...asked];
}

/** Commands of CI files and images that install with one. */
function usedSigns({ view }: Project): Sign[] {
  const { snapshot, unit } = view;
  const near = [...snapshot.inFolder(unit.path), ...(unit.path === "." ? [] : snapshot.inFolder("."))];
  const workflows = [".github/workflows", ".circleci", "."].flatMap((folder) => snapshot.inFolder(folder));
  const files = [
    ...near.filter((path) => /^(?:Dockerfile|Containerfile)(?:\.|$)|\.dockerfile$/i.test(baseOf(path))),
    ...workflows.filter((path) =>
      /(?:^\.github\/workflows\/.*|^\.circleci\/.*|^\.gitlab-ci|^\.travis)\.ya?ml$/.test(path),
    ),
  ];
  const found = new Map<string, Sign>();
  for (const file of new Set(files)) {
    const code = snapshot.code(file, "shell")?.code ?? "";
    for (const { match, place } of hitsIn(code, INSTALLS, file)) {
      const id = match.slice(1).find((name) => name !== undefined) ?? "";
      if (!found.has(id)) found.set(id, { id, worth: "code", at: view.seen(file, place, "used") });
    }
  }
  return [...found.values()];
}

function manifests({ manifest, rootManifest }: Project): Manifest[] {
  return rootManifest ? [manifest, rootManifest] : [manifest];
}

function isBerry({ view, workspace, manifest, rootManifest }: Project, lockfile: string | undefined): boolean {
  const { snapshot, unit } = view;
  const declared = [manifest, rootManifest].map((one) => stringAt(one?.data, ["packageManager"]));
  const version = declared.map((text) => /^yarn@(\d+)/.exec(text ?? "")?.[1]).find((major) => major !== undefined);
  if (version !== undefined) return Number(version) > 1;
  const roots = [unit.path, workspace?.root ?? unit.path];
  if (roots.some((folder) => snapshot.has(inFolder(folder, ".yarnrc.yml")))) return true;
  return lockfile !== undefined && /^__metadata:/m.test((snapshot.text(lockfile) ?? "").slice(0, 500));
}
