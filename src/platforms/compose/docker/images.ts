import { z } from "zod";
import { ExternalError } from "../../../core/errors.ts";
import type { Build } from "../file/schema.ts";
import { type Docker, jsonLines } from "./client.ts";
import { BUILD_FLAGS, flagsOf } from "./flags.ts";
import { imageIds, markPulled } from "./pulled.ts";

const Image = z.object({
  Id: z.string(),
  RepoDigests: z.array(z.string()).nullish(),
  Config: z.object({ ExposedPorts: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});
const Listed = z.object({ ID: z.string(), Repository: z.string(), Tag: z.string() });

export interface Progress {
  signal?: AbortSignal | undefined;
  onOutput?: (text: string) => void;
}

const PULL_MS = 30 * 60_000;
const BUILD_MS = 60 * 60_000;

/** Whether an image is on the host. */
export async function hasImage(docker: Docker, image: string, signal?: AbortSignal): Promise<boolean> {
  return (await inspectImage(docker, image, signal)) !== undefined;
}

/** The lowest TCP port an image exposes; null when it says nothing. */
export async function exposedPort(docker: Docker, image: string, signal?: AbortSignal): Promise<number | null> {
  const ports = Object.keys((await inspectImage(docker, image, signal))?.Config?.ExposedPorts ?? {})
    .filter((port) => port.endsWith("/tcp"))
    .map((port) => Number.parseInt(port, 10));
  return ports.length > 0 ? Math.min(...ports) : null;
}

export async function pullImage(docker: Docker, image: string, { signal, onOutput }: Progress = {}): Promise<void> {
  const step = `pull ${image}`;
  await docker.call(["pull", image], { step, deadlineMs: PULL_MS, signal, onOutput });
}

/**
 * What an image is called whatever its tag comes to mean: `repository@sha256:…`, or the id of one that is on this host only. A tag
 * is pulled for that: no command that every engine from 20.10 on has tells the digest of a list of images without it.
 */
export async function resolveDigest(docker: Docker, image: string, progress: Progress = {}): Promise<string> {
  if (/@sha256:[0-9a-f]{64}$/.test(image) || /^sha256:[0-9a-f]{64}$/.test(image)) return image;
  const here = await inspectImage(docker, image, progress.signal);
  if (here && !here.RepoDigests?.length) return here.Id;
  const before = await imageIds(docker, progress.signal);
  await pullImage(docker, image, progress);
  const pulled = await inspectImage(docker, image, progress.signal);
  const repository = withoutTag(image);
  const digests = pulled?.RepoDigests ?? [];
  const digest = digests.find((item) => sameRepository(item.split("@")[0] ?? "", repository)) ?? digests[0];
  if (digest && pulled && !before.has(pulled.Id)) await markPulled(docker, digest, { signal: progress.signal });
  if (digest) return digest;
  throw new ExternalError({
    code: "SM-IMAGE-DIGEST",
    message: `${docker.host.name}: resolve ${image}: the registry gave it no digest`,
    next: "push it again with a current docker, or name it by digest",
  });
}

/** Builds `folder` on the docker's host; answers the image's id. The image is labelled as ours, so that `pruneImages` may remove it. */
export async function buildImage(
  docker: Docker,
  { folder, tag, app, store, build = {} }: { folder: string; tag: string; app: string; store: string; build?: Build },
  { signal, onOutput }: Progress = {},
): Promise<string> {
  const step = `build ${tag}`;
  const args = buildArgs({ folder, tag, app, store, build });
  await docker.call(args, { step, deadlineMs: BUILD_MS, signal, onOutput }).catch((error) => {
    if (!(error instanceof ExternalError) || error.code !== "SM-DOCKER-FAILED") throw error;
    throw new ExternalError({
      code: "SM-IMAGE-BUILD",
      message: error.message,
      next: "correct the Dockerfile",
      cause: error,
    });
  });
  const made = await inspectImage(docker, tag, signal);
  if (made) return made.Id;
  throw new ExternalError({
    code: "SM-IMAGE-BUILD",
    message: `${docker.host.name}: ${step}: docker says it is built, but there is no such image`,
    next: "with buildx, set its driver to docker: docker buildx use default",
  });
}

/** Arguments of docker for a build. */
export function buildArgs({
  folder,
  tag,
  app,
  store,
  build,
}: {
  folder: string;
  tag: string;
  app: string;
  store: string;
  build: Build;
}): string[] {
  const { context: _, dockerfile, ...rest } = build;
  return [
    ...["build", "--tag", tag, ...flagsOf(BUILD_FLAGS, rest), "--label", `${OURS}=${app}`],
    ...["--label", `${STORE}=${store}`],
    ...(dockerfile === undefined ? [] : ["--file", `${folder}/${dockerfile}`]),
    folder,
  ];
}

/** Set on images that we built; on containers it means the application too. */
const OURS = "stationmaster.app";
/** Who knows which releases are kept; several may build for one host. */
const STORE = "stationmaster.store";

/** Removes images that this store built, that are not in `keep` (tags or ids) and that no container uses. Never touches others'. */
export async function pruneImages(
  docker: Docker,
  {
    app,
    store,
    keep,
    signal,
  }: { app: string; store: string; keep: readonly string[]; signal?: AbortSignal | undefined },
): Promise<string[]> {
  const filters = [`${OURS}=${app}`, `${STORE}=${store}`].flatMap((label) => ["--filter", `label=${label}`]);
  const args = ["image", "ls", "--no-trunc", "--format", "{{json .}}", ...filters];
  const listed = jsonLines(await docker.call(args, { step: "list images", signal })).map((line) => Listed.parse(line));
  const kept = new Set(
    listed.filter((image) => keep.includes(image.ID) || keep.includes(nameOf(image))).map(({ ID }) => ID),
  );
  const removed: string[] = [];
  for (const image of listed.filter(({ ID }) => !kept.has(ID))) {
    const name = nameOf(image);
    const { code } = await docker.ask(["image", "rm", name], { step: `remove the image ${name}`, signal });
    if (code === 0) removed.push(name);
  }
  return removed;
}

function nameOf({ ID, Repository, Tag }: z.output<typeof Listed>): string {
  return Repository === "<none>" || Tag === "<none>" ? ID : `${Repository}:${Tag}`;
}

async function inspectImage(docker: Docker, image: string, signal?: AbortSignal) {
  const { code, stdout } = await docker.ask(["image", "inspect", image], { step: `look at ${image}`, signal });
  return code === 0 ? z.array(Image).parse(JSON.parse(stdout))[0] : undefined;
}

/** A colon after the last slash begins the tag; one before it the port of a registry. */
function withoutTag(image: string): string {
  const slash = image.lastIndexOf("/");
  const colon = image.indexOf(":", slash + 1);
  return colon < 0 ? image : image.slice(0, colon);
}

/** docker leaves out what Docker Hub means by itself. */
function sameRepository(a: string, b: string): boolean {
  const short = (name: string) => name.replace(/^(?:docker\.io|index\.docker\.io)\//, "").replace(/^library\//, "");
  return short(a) === short(b);
}
