import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isKnownError } from "../../core/errors.ts";
import type { Context, ReleaseRef } from "../platform.ts";
import { bringImage } from "./bring.ts";
import { projectName } from "./describe.ts";
import { QUICK_MS } from "./docker/client.ts";
import { upInfrastructure } from "./docker/infrastructure.ts";
import { dockerLabels } from "./docker/labels.ts";
import { ensureNetwork } from "./docker/networks.ts";
import { infrastructureText } from "./file/infrastructure.ts";
import { type Place, startingIn } from "./places.ts";
import { type ComposeProject, readComposeFile } from "./project-file.ts";
import { recordedOf } from "./recorded.ts";
import { networkName } from "./units.ts";
import { everywhere } from "./waves.ts";

/** Variables of a container lie on a host for seconds; those of a controller that died there are removed. For `find`. */
const OLD_MINUTES = "+60";

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
    const { docker, host } = place.acting(generation);
    await host.run(["find", startingIn(place), "-type", "f", "-mmin", OLD_MINUTES, "-delete"], {
      deadlineMs: QUICK_MS,
      signal,
    });
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
  const labels = dockerLabels({ app, env: environment });
  const text = await infrastructureText(file, { variable: project.variable, readFile: readFileThere }, labels);
  const name = projectName(file, app, environment);
  await everywhere(places, async (place) => {
    const directory = place.name === "local" ? file.dir : place.folder;
    await upInfrastructure(place.acting(generation).docker, { name, file, text, directory }, { signal });
  });
}
