import { readFile } from "node:fs/promises";
import { posix, resolve } from "node:path";
import { UserError } from "../../core/errors.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import type { Docker } from "./docker/client.ts";
import { readCommitted } from "./docker/git-source.ts";
import { exposedPort } from "./docker/images.ts";
import { exposedIn } from "./file/dockerfile.ts";
import { type Place, sourcesIn } from "./places.ts";
import { type Recorded, recordedOf } from "./recorded.ts";

/** The port a service listens on; null for a worker, and where neither manifest, Compose file nor its image on the host says one. */
export async function portOf(docker: Docker, released: ReleasedService, signal?: AbortSignal): Promise<number | null> {
  if (released.kind === "worker") return null;
  const { spec, image } = recordedOf(released);
  return spec.port ?? (await exposedPort(docker, image, signal));
}

/** For who reads the plan: which port is counted on before the image is built that decides it. */
export async function assumedPort(
  name: string,
  { spec, build }: Pick<Recorded, "spec" | "build">,
  { root, place, signal }: { root: string; place: Place; signal: AbortSignal },
): Promise<string> {
  const { context = ".", dockerfile = "Dockerfile", target } = spec.build ?? {};
  const text = build?.git
    ? await readCommitted(place.host, {
        ...{ ...build.git, cacheFolder: sourcesIn(place), signal },
        path: posix.join(posix.resolve("/", context), dockerfile).slice(1),
      })
    : await readFile(resolve(root, context, dockerfile), "utf8").catch(() => "");
  const port = exposedIn(text, target);
  return port === null
    ? `${name}: its port is the one that its image exposes, which is known once it is built; without one the deployment fails before users see it`
    : `${name}: port ${port} is assumed, the EXPOSE of its Dockerfile; what the built image exposes counts`;
}

/** Nobody says where a service listens. */
export function portUnknown(name: string): UserError {
  return new UserError({
    code: "SM-COMPOSE-PORT",
    message: `it is not known on which port ${name} listens`,
    next: `add services.${name}.port to the manifest, expose to its service in the Compose file, or EXPOSE to its Dockerfile`,
  });
}
