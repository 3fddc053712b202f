import { PolicyError } from "../../core/errors.ts";
import type { ComposeFile } from "./file/model.ts";
import type { ContainerSpec } from "./file/spec.ts";

type Options = Record<string, string>;

/**
 * A preview has volumes of its own. PolicyError `SM-PREVIEW-MOUNT` for a folder of the host and for a volume that others have too:
 * one that exists already, has a fixed name, or leads to somewhere by its driver. `project` is what Compose calls the preview.
 */
export function refuseSharedMounts(service: string, { mounts, volumes }: ContainerSpec, project: string): void {
  const bind = mounts.find(({ type }) => type === "bind");
  if (bind) throw shared(service, `mounts ${bind.source} of the host`);
  for (const { name, key, external, driver, driver_opts } of volumes) {
    if (external) throw shared(service, `mounts the volume ${name}, which exists apart from it`);
    if (name !== `${project}_${key}`)
      throw shared(service, `mounts the volume ${name}, which has that name everywhere`);
    if (leadsAway(driver, driver_opts))
      throw shared(service, `mounts the volume ${name}, whose driver leads elsewhere`);
  }
}

/** The same for what is left to Compose. */
export function refuseSharedInfrastructure({
  infrastructure,
  volumes,
}: Pick<ComposeFile, "infrastructure" | "volumes">): void {
  for (const [service, { volumes: mounts = [] }] of Object.entries(infrastructure)) {
    for (const { type, source } of mounts) {
      if (type === "bind") throw shared(service, `mounts ${source} of the host`);
      const volume = source === null ? undefined : volumes?.[source];
      if (volume?.external) throw shared(service, `mounts the volume ${source}, which exists apart from it`);
      if (volume?.name) throw shared(service, `mounts the volume ${volume.name}, which has that name everywhere`);
      if (leadsAway(volume?.driver ?? null, volume?.driver_opts ?? {}))
        throw shared(service, `mounts the volume ${source}, whose driver leads elsewhere`);
    }
  }
}

/** Another driver may be a disk in the network; options of the own one may name a folder or a share. */
function leadsAway(driver: string | null, options: Options): boolean {
  return (driver !== null && driver !== "local") || (options.device !== undefined && options.type !== "tmpfs");
}

function shared(service: string, what: string): PolicyError {
  return new PolicyError({
    code: "SM-PREVIEW-MOUNT",
    message: `a preview shares no data, and ${service} ${what}`,
    next: "use a named volume of the Compose file, or name another `file` for the environment with `per`",
  });
}
