import type { Place as Address } from "../platform.ts";
import type { Context } from "../target.ts";
import { projectName } from "./describe.ts";
import { containerAddress } from "./docker/infrastructure.ts";
import type { Places } from "./places.ts";
import { type ComposeProject, readComposeFile } from "./project-file.ts";

/**
 * Where this machine reaches a service that is left to Compose. Undefined when it is none or does not run, and on several hosts:
 * there each has one of its own.
 */
export async function insideAddress(
  { project, places, app, environment }: { project: ComposeProject; places: Places; app: string; environment: string },
  { host: service, port }: Address,
  { signal }: Context,
): Promise<Address | undefined> {
  const read = await readComposeFile(project);
  const [place, ...others] = await places.all(signal);
  if (!read || !place || others.length > 0 || !Object.hasOwn(read.file.infrastructure, service)) return undefined;
  const name = projectName(read.file, app, environment);
  const address = await containerAddress(place.docker, { project: name, service }, signal);
  if (address === undefined) return undefined;
  if (place.name === "local") return { host: address, port };
  return { host: "127.0.0.1", port: await place.host.forwardPort(port, signal, address) };
}
