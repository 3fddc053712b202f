import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gitAddress } from "../../config/repository.ts";
import { UserError } from "../../core/errors.ts";
import { fingerprint } from "../local/files.ts";
import type { Description } from "../platform.ts";
import type { Context } from "../target.ts";
import { ownListen } from "./addresses.ts";
import { fetchCommit } from "./docker/git-source.ts";
import { exposedPort, resolveDigest } from "./docker/images.ts";
import { fileDependencies } from "./file/depends.ts";
import { relativeSources } from "./file/infrastructure.ts";
import type { ComposeFile } from "./file/model.ts";
import { type ContainerSpec, containerSpec, exclusiveReason } from "./file/spec.ts";
import { changedParts } from "./infrastructure.ts";
import { assumedPort, portUnknown } from "./listening.ts";
import { type Place, type Places, sourcesIn } from "./places.ts";
import { refuseSharedMounts } from "./preview-mounts.ts";
import { type ComposeProject, readComposeFile, referencedEnvironment } from "./project-file.ts";
import type { Listen, Recorded } from "./recorded.ts";
import { routeName } from "./routes.ts";

/** Folders that no image is built from. */
const LEFT_OUT = [".git", "node_modules", ".stationmaster"];

/** What Compose calls the project: what its file says, else one name for each environment, so that none has another's volumes. */
export function projectName(file: ComposeFile | undefined, app: string, environment: string): string {
  return file?.name ?? `${app}-${environment}`;
}

/**
 * A service as the project has it now: its container, its image by digest or by the content it is built from, where users call
 * it. Asks the first host and its registry; changes nothing but what images lie there.
 */
export async function describeService(
  name: string,
  { project, places, app, environment }: { project: ComposeProject; places: Places; app: string; environment: string },
  context: Context,
): Promise<Description> {
  const { signal } = context;
  const place = await places.at(places.home(undefined));
  const service = project.services[name];
  if (!service) throw new Error(`no service ${name}`);
  const read = await readComposeFile(project);
  const file = read?.file;
  const composeProject = projectName(file, app, environment);
  const spec = containerSpec({ name, service, project: composeProject, ...(file ? { file } : {}) });
  const { per, routes, trusted_proxies: trusted } = project.settings;
  if (per !== undefined) refuseSharedMounts(name, spec, composeProject);
  refuseLocalFiles(name, spec, project);
  const needs = file ? fileDependencies(file, project.services) : {};
  if (file) refuseLocalInfrastructure(file, project);
  const made = await imageOf(name, spec, { project, place, app, signal });
  const port = spec.port ?? (made.build === null ? await exposedPort(place.docker, made.image, signal) : null);
  const later = service.kind === "http" && port === null;
  if (later && made.build === null) throw portUnknown(name);
  const assumed = later ? [await assumedPort(name, { spec, ...made }, { root: project.root, place, signal })] : [];
  const route = routeName({ app, environment, service: name });
  const recorded: Recorded = {
    spec: { ...spec, port: service.kind === "http" ? port : null },
    ...made,
    // Copies of one environment would meet at a port of the Compose file.
    listen: listenOf(route, per === undefined ? spec.route : null, routes[name]),
    ...(trusted.length > 0 ? { trusted } : {}),
    project: composeProject,
  };
  const stale = file ? await changedParts(file, { project, places, app, environment }, context) : [];
  return {
    // What it is in every environment. All else is in `recorded`, with names that are the environment's own.
    fingerprint: createHash("sha256")
      .update(JSON.stringify([recorded.image, spec.build, spec.entrypoint, spec.command]))
      .digest("hex"),
    recorded,
    exclusive: exclusiveReason(spec),
    internal: service.kind === "http" && isDeepStrictEqual(recorded.listen[0], ownListen(route)),
    env: await referencedEnvironment(spec, { project, dir: file?.dir ?? project.root }),
    dependsOn: needs[name] ?? [],
    notes: [...(file?.notes ?? []), ...notesOn(name, file, project), ...assumed, ...stale],
  };
}

/** Files beside the Compose file lie on this machine; a host that is reached over SSH does not have them. */
function refuseLocalFiles(name: string, spec: ContainerSpec, { root, settings }: ComposeProject): void {
  const away = settings.hosts.find((host) => host !== "local");
  const here = spec.mounts.find(({ type, source }) => type === "bind" && source?.startsWith(`${resolve(root)}/`));
  if (!away || !here) return;
  throw new UserError({
    code: "SM-COMPOSE-BIND",
    message: `${name} mounts ${here.source}, which lies on this machine and not on ${away}`,
    next: "put the file into the image, use a named volume, or an absolute path that the hosts have",
  });
}

function refuseLocalInfrastructure(file: ComposeFile, { settings }: ComposeProject): void {
  const away = settings.hosts.find((host) => host !== "local");
  const here = relativeSources(file).find(({ service }) => service in file.infrastructure);
  if (!away || !here) return;
  throw new UserError({
    code: "SM-COMPOSE-BIND",
    message: `${here.service} mounts ${here.source}, which lies on this machine and not on ${away}`,
    next: "use an image that holds it, a named volume, or an absolute path that the hosts have",
  });
}

function notesOn(name: string, file: ComposeFile | undefined, { services, settings }: ComposeProject): string[] {
  const apart = settings.hosts.length > 1 ? Object.keys(file?.infrastructure ?? {}) : [];
  return [
    ...(apart.length > 0 ? [`${apart.join(", ")} of the Compose file runs on each host, with data of its own`] : []),
    ...(services[name]?.data.length ? [`${name}: data has no meaning in a container; mount a volume`] : []),
  ];
}

async function imageOf(
  name: string,
  spec: ContainerSpec,
  { project, place, app, signal }: { project: ComposeProject; place: Place; app: string; signal: AbortSignal },
): Promise<Pick<Recorded, "image" | "build">> {
  if (spec.image !== null) return { image: await resolveDigest(place.docker, spec.image, { signal }), build: null };
  const { settings, repository } = project;
  const ref = settings.branch ?? settings.tag;
  if (ref === undefined) return { image: `${app}/${name}:${await filesVersion(project, spec)}`, build: { git: null } };
  if (repository === undefined)
    throw new UserError({
      code: "SM-COMPOSE-REPOSITORY",
      message: `images shall be built from ${ref}, and the manifest does not say of which repository`,
      next: "add repository: owner/name",
    });
  const address = gitAddress(repository);
  const commit = await fetchCommit(place.host, { repository: address, cacheFolder: sourcesIn(place), ref, signal });
  return { image: `${app}/${name}:${commit}`, build: { git: { repository: address, ref, commit } } };
}

/** The tag of an image that is built from the files of the project: what they hold, in 40 hex digits. */
export async function filesVersion(
  { root }: Pick<ComposeProject, "root">,
  { build }: { build: ContainerSpec["build"] },
): Promise<string> {
  const without = LEFT_OUT.map((item) => resolve(root, item));
  return (await fingerprint(resolve(root, build?.context ?? "."), { root, without })).slice(0, 40);
}

/** The routes of the environment; where it has none for a service, what the Compose file publishes. */
function listenOf(route: string, published: ContainerSpec["route"], given: Listen | undefined): Listen[] {
  if (given) return [given];
  return [published ? { port: published.port, bind: published.bind ?? "0.0.0.0" } : ownListen(route)];
}
