import { lstat, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { secretFiles } from "../../config/secrets.ts";
import { ExternalError } from "../../core/errors.ts";
import { run } from "../../exec/run.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import type { ReleaseRef } from "../platform.ts";
import type { Context } from "../target.ts";
import { inheritedEnvironment } from "./environment.ts";
import { copyTree, dependenciesAbove, fingerprint, within } from "./files.ts";

const BUILD_DEADLINE_MS = 15 * 60_000;

/** What the copies on disk need to know of the manifest. */
export interface ReleaseSource {
  root: string;
  manifestFile: string;
  stateDir: string;
  services: Record<string, { path: string; data: readonly string[]; exclude: readonly string[] }>;
}

/** Whether the copy of a release is on disk; one that a crash left half made is not. */
export async function holdsRelease(stateDir: string, release: string): Promise<boolean> {
  return await exists(join(stateDir, "releases", release, "files"));
}

/** The folder a service of a release runs in. */
export function serviceFolder(stateDir: string, release: string, path: string): string {
  return join(stateDir, "releases", release, "files", path);
}

/** Fingerprint of one service: its own folder, and the files of the project outside every service's folder (shared code). */
export async function serviceFingerprint(source: ReleaseSource, service: string): Promise<string> {
  const own = resolve(source.root, source.services[service]?.path ?? ".");
  const parts = [await fingerprint(own, { root: source.root, without: leftOut(source) })];
  if (within(own, source.root) && own !== source.root) {
    const folders = Object.values(source.services).map(({ path }) => resolve(source.root, path));
    if (!folders.includes(source.root))
      parts.push(await fingerprint(source.root, { root: source.root, without: [...leftOut(source), ...folders] }));
  }
  return parts.join("-");
}

function leftOut({ root, manifestFile, stateDir, services }: ReleaseSource): string[] {
  const perService = Object.values(services).flatMap(({ path, data, exclude }) =>
    [...data, ...exclude].map((item) => resolve(root, path, item)),
  );
  return [manifestFile, resolve(stateDir), ...secretFiles(root), ...perService];
}

/** Copies the project into `releases/<name>`, links data folders and runs the builds. Idempotent; a half-made copy is made anew. */
export async function prepareRelease(
  source: ReleaseSource,
  release: ReleaseRef,
  services: readonly string[],
  context: Context,
): Promise<void> {
  const home = join(source.stateDir, "releases", release.name);
  const files = join(home, "files");
  await mkdir(home, { recursive: true, mode: 0o700 });
  if (!(await exists(files))) {
    const builders = Object.entries(release.services).filter(([, service]) => service.build);
    await copyTree(files, {
      root: source.root,
      without: leftOut(source),
      ownDependencies: builders.map(([, { path }]) => resolve(source.root, path)),
    });
    const above = await dependenciesAbove(source.root);
    if (above) await symlink(above, join(home, "node_modules")).catch(() => {});
  }
  for (const name of services) {
    const service = release.services[name];
    if (!service) continue;
    await linkData(source.stateDir, name, join(files, service.path), service.data);
    if (service.build) await build(home, name, service, join(files, service.path), context);
  }
}

async function linkData(stateDir: string, name: string, folder: string, data: readonly string[]): Promise<void> {
  for (const item of data) {
    const kept = join(stateDir, "data", name, item);
    await mkdir(kept, { recursive: true, mode: 0o700 });
    const link = join(folder, item);
    await mkdir(dirname(link), { recursive: true });
    if (!(await exists(link))) await symlink(kept, link);
  }
}

async function build(
  home: string,
  name: string,
  service: ReleasedService,
  cwd: string,
  { signal }: Context,
): Promise<void> {
  const done = join(home, `built-${name}`);
  if (await exists(done)) return;
  const result = await run(service.build ?? [], {
    cwd,
    env: inheritedEnvironment(),
    deadlineMs: BUILD_DEADLINE_MS,
    signal,
  });
  const log = join(home, `build-${name}.log`);
  await writeFile(log, result.stdout + result.stderr, { mode: 0o600 });
  if (result.code !== 0) {
    const last = (result.stderr.trim() || result.stdout.trim()).split("\n").at(-1);
    throw new ExternalError({
      code: "SM-BUILD-FAILED",
      message: `the build of ${name} failed (exit ${result.code}): ${last}`,
      next: `see ${log}`,
    });
  }
  await writeFile(`${done}.new`, "");
  await rename(`${done}.new`, done);
}

/** Removes the copies of releases that are not in `keep`. */
export async function pruneReleases(stateDir: string, keep: readonly string[]): Promise<void> {
  const folder = join(stateDir, "releases");
  if (!(await exists(folder))) return;
  for (const name of await readdir(folder)) {
    if (!keep.includes(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
