import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { ExternalError, UserError } from "../../core/errors.ts";
import { createLocalHost } from "../../exec/local-host.ts";
import type { ReleaseRef } from "../platform.ts";
import type { Context } from "../target.ts";
import { filesVersion } from "./describe.ts";
import { type BuildOrder, buildFromGit, buildHere, transferImage } from "./docker/builds.ts";
import { createDocker, type Docker } from "./docker/client.ts";
import { hasImage, pullImage } from "./docker/images.ts";
import { markPulled, needPulled } from "./docker/pulled.ts";
import { type Place, sourcesIn } from "./places.ts";
import type { ComposeProject } from "./project-file.ts";
import { Recorded } from "./recorded.ts";
import { everywhere, reachable } from "./waves.ts";

interface Bringing {
  project: ComposeProject;
  places: readonly Place[];
  app: string;
  stateDir: string;
}

const HOLDS_MS = 60_000;

/** Brings the image of a service to every host that does not have it: pulled, built from its commit, or copied. */
export async function bringImage(
  service: string,
  { image, build, spec }: Recorded,
  bringing: Bringing,
  { signal, generation }: Context,
): Promise<void> {
  const { places, app } = bringing;
  const need = async ({ acting }: Place) =>
    await needPulled(acting(generation).docker, image, { app, store: storeId(bringing.stateDir) }, signal);
  const { missing, having } = await lookFor(image, places, signal);
  await everywhere(having, need);
  if (missing.length === 0) return;
  const dockers = missing.map((place) => place.acting(generation).docker);
  const order = { app, store: storeId(bringing.stateDir), service, build: spec.build ?? {} };
  if (build?.git) {
    const { git } = build;
    await everywhere(missing, (place) =>
      buildFromGit(place.acting(generation).docker, { ...order, ...git, cacheFolder: sourcesIn(place) }, { signal }),
    );
  } else if (build) await copyOrBuild(image, { having, missing: dockers, order }, bringing, signal);
  else if (image.startsWith("sha256:")) throw onOneHostOnly(service, image, missing);
  else
    await everywhere(missing, async (place) => {
      const { docker } = place.acting(generation);
      await pullImage(docker, image, { signal });
      await markPulled(docker, image, { who: { app, store: order.store }, signal });
    });
}

/** Whether every image of a release can be had: it is on a host, its registry has it, or what it is built from is there. */
export async function holdsImages({ services }: ReleaseRef, { places, project }: Omit<Bringing, "app" | "stateDir">) {
  const signal = AbortSignal.timeout(HOLDS_MS);
  for (const { recorded } of Object.values(services)) {
    const { data } = Recorded.safeParse(recorded);
    if (!data) return false;
    const { image, build, spec } = data;
    if (build?.git || (!build && !image.startsWith("sha256:"))) continue;
    if ((await lookFor(image, places, signal, reachable)).having.length > 0) continue;
    if (!build) return false;
    if (await hasImage(dockerHere(), image, signal).catch(() => false)) continue;
    if (versionOf(image) !== (await filesVersion(project, spec).catch(() => undefined))) return false;
  }
  return true;
}

async function lookFor(image: string, places: readonly Place[], signal: AbortSignal, look = everywhere) {
  const looked = await look(places, async (place) => ({
    place,
    has: await hasImage(place.docker, image, signal),
  }));
  const those = (has: boolean) => looked.filter((item) => item.has === has).map(({ place }) => place);
  return { having: those(true), missing: those(false) };
}

/**
 * Copied from a host that has it; built by the docker of this machine only while the project's files are those of the image's name:
 * an old release is never made of new files.
 */
async function copyOrBuild(
  image: string,
  { having, missing, order }: { having: readonly Place[]; missing: readonly Docker[]; order: BuildOrder },
  { project, stateDir }: Bringing,
  signal: AbortSignal,
): Promise<void> {
  const copy = { image, folder: join(stateDir, "images") };
  const holder = having.find(({ name }) => name === "local") ?? having[0];
  if (holder) return await transferImage(holder.docker, missing, copy, { signal });
  const here = missing.find(({ host }) => host.name === "local") ?? dockerHere();
  if (!(await hasImage(here, image, signal))) {
    if (versionOf(image) !== (await filesVersion(project, order))) throw gone(order.service, image);
    await buildHere(here, { ...order, root: project.root, version: versionOf(image) }, { signal });
  }
  const away = missing.filter((docker) => docker !== here);
  await transferImage(here, away, copy, { signal });
}

/** One state directory on one machine: it alone knows which of its releases are kept. */
export function storeId(stateDir: string): string {
  return createHash("sha256").update(`${hostname()} ${stateDir}`).digest("hex").slice(0, 16);
}

function dockerHere(): Docker {
  return createDocker(createLocalHost());
}

function versionOf(image: string): string {
  return image.slice(image.lastIndexOf(":") + 1);
}

function gone(service: string, image: string): UserError {
  return new UserError({
    code: "SM-RELEASE-GONE",
    message: `${service}: no host has the image ${image} any more, and the files of the project are not those it was built from`,
    next: "check out the files of that release, or deploy what is there now",
  });
}

function onOneHostOnly(service: string, image: string, missing: readonly Place[]): ExternalError {
  return new ExternalError({
    code: "SM-IMAGE-MISSING",
    message: `${missing.map(({ name }) => name).join(", ")}: the image of ${service} (${image.slice(0, 19)}) is not there, and it comes from no registry`,
    next: "push it to a registry that all hosts reach, or let it be built: dockerfile, or branch and repository",
  });
}
