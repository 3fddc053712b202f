import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Build } from "../file/schema.ts";
import type { Docker } from "./client.ts";
import { type GitSource, withSources } from "./git-source.ts";
import { buildImage, hasImage, type Progress } from "./images.ts";

export interface BuildOrder {
  app: string;
  service: string;
  build: Build;
}

const SAVE_MS = 30 * 60_000;

/** Builds a commit that `fetchCommit` found, on the docker's host; answers the image's id. `build.context` is a folder of the repository. */
export async function buildFromGit(
  docker: Docker,
  { app, service, build, commit, ...source }: BuildOrder & GitSource & { commit: string },
  progress: Progress = {},
): Promise<string> {
  return await withSources(docker.host, { ...source, commit, signal: progress.signal }, async (sources) => {
    // A folder of the repository cannot lead out of it.
    const folder = posix.join(sources, posix.resolve("/", build.context ?? "."));
    const tag = imageTag(app, service, commit);
    return await buildImage(docker, { folder, tag, app, build }, progress);
  });
}

/** Builds a folder of this machine with its own docker. `version` becomes the tag. */
export async function buildHere(
  local: Docker,
  { app, service, build, root, version }: BuildOrder & { root: string; version: string },
  progress: Progress = {},
): Promise<string> {
  const folder = join(root, build.context ?? ".");
  return await buildImage(local, { folder, tag: imageTag(app, service, version), app, build }, progress);
}

/** Copies an image from this machine's docker to hosts that do not have it, one after the other. */
export async function transferImage(
  local: Docker,
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
    await local.call(["save", "--output", file, image], { step: `save ${image}`, deadlineMs: SAVE_MS, signal });
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

function imageTag(app: string, service: string, version: string): string {
  return `${app}/${service}:${version}`;
}
