import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ExternalError, isKnownError } from "../../core/errors.ts";
import { createLocalHost } from "../../exec/local-host.ts";
import type { Context, ReleaseRef } from "../platform.ts";
import { projectName, sourcesIn } from "./describe.ts";
import { buildFromGit, buildHere, transferImage } from "./docker/builds.ts";
import { createDocker, type Docker } from "./docker/client.ts";
import { hasImage, pullImage } from "./docker/images.ts";
import { upInfrastructure } from "./docker/infrastructure.ts";
import { ensureNetwork } from "./docker/networks.ts";
import { infrastructureText } from "./file/infrastructure.ts";
import type { Place } from "./places.ts";
import { type ComposeProject, readComposeFile } from "./project-file.ts";
import { type Recorded, recordedOf } from "./recorded.ts";
import { networkName } from "./units.ts";
import { everywhere } from "./waves.ts";

interface Preparation {
  project: ComposeProject;
  places: readonly Place[];
  app: string;
  environment: string;
  stateDir: string;
}

/**
 * Brings what a release needs to every host: the network of the environment, what the Compose file has besides its services, and
 * images. Answers where each image came from. Idempotent; users notice nothing.
 */
export async function prepareHosts(
  preparation: Preparation,
  release: ReleaseRef,
  services: readonly string[],
  context: Context,
): Promise<Record<string, unknown>> {
  const { places, app, environment } = preparation;
  const { signal, generation } = context;
  await everywhere(places, async (place) => {
    const { docker } = place.acting(generation);
    await ensureNetwork(docker, networkName({ app, environment }), { app, env: environment, signal });
  });
  await startInfrastructure(preparation, context);
  const images: Record<string, string> = {};
  for (const name of services) {
    const service = release.services[name];
    if (!service) continue;
    const recorded = recordedOf(service);
    await bringImage(name, recorded, preparation, context);
    images[name] = recorded.image;
  }
  return { images };
}

/**
 * A file that cannot be read any more stops no way back: what runs besides the services was started by the deployment before,
 * whose plan had read it.
 */
async function startInfrastructure(
  { project, places, app, environment }: Preparation,
  { signal, generation }: Context,
): Promise<void> {
  const read = await readComposeFile(project).catch((error: unknown) => {
    if (isKnownError(error)) return undefined;
    throw error;
  });
  if (!read || Object.keys(read.file.infrastructure).length === 0) return;
  const { file } = read;
  const readFileThere = (path: string) => readFile(resolve(file.dir, path), "utf8").catch(() => undefined);
  const text = await infrastructureText(file, { variable: project.variable, readFile: readFileThere });
  const name = projectName(file, app, environment);
  await everywhere(places, async (place) => {
    const directory = place.name === "local" ? file.dir : place.folder;
    await upInfrastructure(place.acting(generation).docker, { name, file, text, directory }, { signal });
  });
}

async function bringImage(
  service: string,
  { image, build, spec }: Recorded,
  { project, places, app, stateDir }: Preparation,
  { signal, generation }: Context,
): Promise<void> {
  const missing: Place[] = [];
  for (const place of places) if (!(await hasImage(place.docker, image, signal))) missing.push(place);
  if (missing.length === 0) return;
  const dockers = missing.map((place) => place.acting(generation).docker);
  const order = { app, service, build: spec.build ?? {} };
  if (build?.git) {
    const { git } = build;
    await everywhere(missing, (place) =>
      buildFromGit(place.acting(generation).docker, { ...order, ...git, cacheFolder: sourcesIn(place) }, { signal }),
    );
  } else if (build) await buildAndCopy(dockers, image, { ...order, root: project.root }, { stateDir, signal });
  else if (image.startsWith("sha256:")) throw onOneHostOnly(service, image, missing);
  else await everywhere(dockers, (docker) => pullImage(docker, image, { signal }));
}

/** Built by the docker of this machine; the hosts get a copy. */
async function buildAndCopy(
  hosts: readonly Docker[],
  image: string,
  order: { app: string; service: string; build: NonNullable<Recorded["spec"]["build"]>; root: string },
  { stateDir, signal }: { stateDir: string; signal: AbortSignal },
): Promise<void> {
  const here = hosts.find(({ host }) => host.name === "local") ?? createDocker(createLocalHost());
  const version = image.slice(image.lastIndexOf(":") + 1);
  if (!(await hasImage(here, image, signal))) await buildHere(here, { ...order, version }, { signal });
  const away = hosts.filter((docker) => docker !== here);
  await transferImage(here, away, { image, folder: join(stateDir, "images") }, { signal });
}

function onOneHostOnly(service: string, image: string, missing: readonly Place[]): ExternalError {
  return new ExternalError({
    code: "SM-IMAGE-MISSING",
    message: `${missing.map(({ name }) => name).join(", ")}: the image of ${service} (${image.slice(0, 19)}) is not there, and it comes from no registry`,
    next: "push it to a registry that all hosts reach, or let it be built: dockerfile, or branch and repository",
  });
}
