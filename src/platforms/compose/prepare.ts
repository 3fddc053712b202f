import { isKnownError } from "../../core/errors.ts";
import type { ReleaseRef } from "../platform.ts";
import type { Context } from "../target.ts";
import { bringImage } from "./bring.ts";
import { projectName } from "./describe.ts";
import { QUICK_MS } from "./docker/client.ts";
import { upInfrastructure } from "./docker/infrastructure.ts";
import { ensureNetwork } from "./docker/networks.ts";
import { composeText, watchedParts } from "./infrastructure.ts";
import { portOf, portUnknown } from "./listening.ts";
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
 * images. Answers where each image came from, and what else runs and who needs it. Idempotent; users notice nothing.
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
  const infrastructure = await startInfrastructure(preparation, context);
  const images: Record<string, string> = {};
  for (const name of services) {
    const service = release.services[name];
    if (!service) continue;
    const recorded = recordedOf(service);
    await bringImage(name, recorded, preparation, context);
    if (service.kind === "http")
      await everywhere(places, async ({ docker }) => {
        if ((await portOf(docker, service, signal)) === null) throw portUnknown(name);
      });
    images[name] = recorded.image;
  }
  return { images, ...infrastructure };
}

/**
 * A file that cannot be read any more stops no way back: what runs besides the services was started by the deployment before,
 * whose plan had read it.
 */
async function startInfrastructure(
  { project, places, app, environment }: Preparation,
  { signal, generation }: Context,
): Promise<{ infrastructure?: Record<string, string[]> }> {
  const read = await readComposeFile(project).catch((error: unknown) => {
    if (isKnownError(error)) return null;
    throw error;
  });
  if (read === null) return {};
  if (!read || Object.keys(read.file.infrastructure).length === 0) return { infrastructure: {} };
  const { file } = read;
  const text = await composeText(file, project, { app, environment });
  const name = projectName(file, app, environment);
  await everywhere(places, async (place) => {
    const directory = place.name === "local" ? file.dir : place.folder;
    await upInfrastructure(place.acting(generation).docker, { name, file, text, directory }, { signal });
  });
  return { infrastructure: watchedParts(file, project) };
}
