import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { finished } from "node:stream/promises";
import type { Build } from "../file/schema.ts";
import type { Docker } from "./client.ts";
import { dockerError } from "./errors.ts";
import { type GitSource, withSources } from "./git-source.ts";
import { buildImage, hasImage, type Progress } from "./images.ts";

export interface BuildOrder {
  app: string;
  /** Whose image it becomes, see `pruneImages`. */
  store: string;
  service: string;
  build: Build;
}

const SAVE_MS = 30 * 60_000;

/** Builds a commit that `fetchCommit` found, on the docker's host; answers the image's id. `build.context` is a folder of the repository. */
export async function buildFromGit(
  docker: Docker,
  { app, store, service, build, commit, ...source }: BuildOrder & GitSource & { commit: string },
  progress: Progress = {},
): Promise<string> {
  return await withSources(docker.host, { ...source, commit, signal: progress.signal }, async (sources) => {
    // A folder of the repository cannot lead out of it.
    const folder = posix.join(sources, posix.resolve("/", build.context ?? "."));
    const tag = imageTag(app, service, commit);
    return await buildImage(docker, { folder, tag, app, store, build }, progress);
  });
}

/** Builds a folder of this machine with its own docker. `version` becomes the tag. */
export async function buildHere(
  local: Docker,
  { app, store, service, build, root, version }: BuildOrder & { root: string; version: string },
  progress: Progress = {},
): Promise<string> {
  const folder = join(root, build.context ?? ".");
  return await buildImage(local, { folder, tag: imageTag(app, service, version), app, store, build }, progress);
}

/** Copies an image from a docker that has it to hosts that do not, one after the other. It passes through `folder` of this machine. */
export async function transferImage(
  from: Docker,
  hosts: readonly Docker[],
  { image, folder }: { image: string; folder: string },
  { signal, onOutput }: Progress = {},
): Promise<void> {
  const wanting: Docker[] = [];
  for (const docker of hosts) if (!(await hasImage(docker, image, signal))) wanting.push(docker);
  if (wanting.length === 0) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `image-${randomBytes(6).toString("hex")}.tar`);
  try {
    if (from.host.name === "local")
      await from.call(["save", "--output", file, image], { step: `save ${image}`, deadlineMs: SAVE_MS, signal });
    else await fetchImage(from, image, { file, signal });
    const { size } = await stat(file);
    for (const docker of wanting) {
      const stdin = createReadStream(file);
      const step = `copy ${image} (${(size / 1e6).toFixed(0)} MB)`;
      onOutput?.(`${docker.host.name}: ${step}\n`);
      await docker.call(["load"], { step, deadlineMs: SAVE_MS, signal, stdin });
    }
  } finally {
    await rm(file, { force: true });
  }
}

/** What a far program prints reaches us as text, line by line, so the image comes in base64. */
async function fetchImage(
  { host, argv }: Docker,
  image: string,
  { file, signal }: { file: string; signal: AbortSignal | undefined },
): Promise<void> {
  const step = `save ${image}`;
  const deadline = AbortSignal.timeout(SAVE_MS);
  const end = AbortSignal.any([deadline, ...(signal ? [signal] : [])]);
  // A pipe ends with the code of its last program; what docker says of a failure is on standard error.
  const program = await host.open(["sh", "-c", '"$@" | base64', "sh", ...argv(["save", image])], { signal: end });
  const output = createWriteStream(file, { mode: 0o600 });
  program.onLine((line) => void output.write(Buffer.from(line, "base64")));
  program.end();
  const { code, stderr } = await program.exited;
  output.end();
  await finished(output);
  signal?.throwIfAborted();
  const printed = deadline.aborted ? "it took too long" : stderr;
  if (code !== 0 || output.bytesWritten === 0) throw dockerError({ host: host.name, step, code, printed });
}

function imageTag(app: string, service: string, version: string): string {
  return `${app}/${service}:${version}`;
}
