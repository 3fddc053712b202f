import { posix } from "node:path";
import { z } from "zod";
import type { ServiceConfig } from "../../../config/schema.ts";
import type { ComposeFile, ComposeService } from "./model.ts";
import { Mount } from "./mounts.ts";
import { PublishedPort } from "./ports.ts";
import { Build, Settings } from "./schema.ts";
import { Pairs, spanMs, Text } from "./values.ts";

const Words = z.array(Text).nullable();

/**
 * What a container of a service is made with, as it is kept in the record of a release. Variables stay variables in `environment`
 * only; elsewhere their values are filled in, and a file that fills in what looks like a secret there is refused (`exposedSecrets`).
 */
export const ContainerSpec = z.object({
  /** As it is written; null: built from `build`. */
  image: Text.nullable(),
  build: Build.nullable(),
  entrypoint: Words,
  command: Words,
  /** Texts of the Compose file with their variables; null takes the variable of that name. The manifest's `env` is not here. */
  environment: Pairs,
  env_files: z.array(z.object({ path: Text, required: z.boolean(), raw: z.boolean() })),
  /** The port it listens on; null: the one its image exposes, and none for a worker. */
  port: z.int().nullable(),
  /** Where users call it unless the manifest says otherwise. */
  route: z.object({ port: z.int(), bind: Text.nullable() }).nullable(),
  /** Ports that are published past the proxy. */
  ports: z.array(PublishedPort),
  mounts: z.array(Mount),
  /** Volumes among the mounts, with what Compose would make them with. */
  volumes: z.array(
    z.object({
      name: Text,
      key: Text,
      external: z.boolean(),
      driver: Text.nullable(),
      driver_opts: z.record(Text, Text),
    }),
  ),
  /** Networks of the Compose file on which there is something to reach. */
  networks: z.array(Text),
  restart: Text,
  /** Milliseconds; null: not said. */
  grace_ms: z.number().nullable(),
  settings: Settings,
});
export type ContainerSpec = z.output<typeof ContainerSpec>;

export interface SpecSource {
  /** Name of the service. */
  name: string;
  service: ServiceConfig;
  /** The Compose file, where there is one. */
  file?: ComposeFile;
  /** What Compose calls the project; volumes and networks have it in their names. */
  project: string;
}

/** Joins what the manifest and the Compose file say of a service. The manifest wins. */
export function containerSpec({ name, service, file, project }: SpecSource): ContainerSpec {
  const compose = file?.services[name] ?? {};
  const tcp = (compose.ports ?? []).filter(({ protocol }) => protocol === "tcp");
  const http = service.kind === "http";
  const port = http ? (service.port ?? tcp[0]?.target ?? exposed(compose) ?? null) : null;
  const routed = http ? tcp.find(({ target, published }) => target === port && published !== null) : undefined;
  const [program, ...args] = service.start ?? [];
  const mounts = [...(compose.volumes ?? []), ...grants(compose, file)];
  return {
    ...imageOf(service, compose),
    entrypoint: program === undefined ? (compose.entrypoint ?? null) : [program],
    command: program === undefined ? (compose.command ?? null) : args,
    environment: compose.environment ?? {},
    env_files: envFilesOf(compose),
    port,
    route: routed?.published ? { port: routed.published, bind: routed.host_ip } : null,
    // The port that users call is the proxy's; without a port on the host there is nothing left to publish.
    ports: (compose.ports ?? []).filter(
      (item) => item !== routed && !(item.target === port && item.published === null),
    ),
    mounts: mounts.map((mount) => placed(mount, file, project)),
    volumes: volumesOf(mounts, file, project),
    networks: file ? networksOf(compose, file, project) : [],
    restart: restartOf(compose),
    grace_ms: compose.stop_grace_period === undefined ? null : spanMs(compose.stop_grace_period),
    settings: settingsOf(compose),
  };
}

/** The long form of `env_file`. */
export function envFilesOf({ env_file = [] }: Pick<ComposeService, "env_file">): ContainerSpec["env_files"] {
  return env_file.map((entry) =>
    typeof entry === "string"
      ? { path: entry, required: true, raw: false }
      : { path: entry.path, required: entry.required ?? true, raw: entry.format === "raw" },
  );
}

/** Why two copies cannot run side by side; null when they can. */
export function exclusiveReason({ mounts, ports }: ContainerSpec): string | null {
  const written = mounts.find(
    ({ type, source, read_only }) => type !== "tmpfs" && source !== null && !read_only && !source.endsWith(".sock"),
  );
  if (written) return `two copies would write to ${written.type === "bind" ? "" : "the volume "}${written.source}`;
  const fixed = ports.find(({ published }) => published !== null);
  return fixed ? `port ${fixed.published} of the host goes past the proxy` : null;
}

function imageOf(
  { image, dockerfile, path }: ServiceConfig,
  compose: ComposeService,
): Pick<ContainerSpec, "image" | "build"> {
  if (image !== undefined) return { image, build: null };
  if (dockerfile !== undefined) return { image: null, build: { ...compose.build, context: path, dockerfile } };
  if (compose.build) return { image: null, build: compose.build };
  if (compose.image !== undefined) return { image: compose.image, build: null };
  return { image: null, build: { context: path } };
}

function exposed({ expose = [] }: ComposeService): number | undefined {
  const port = Number.parseInt(String(expose[0]), 10);
  return Number.isNaN(port) ? undefined : port;
}

/** Secrets and configs are files; Compose mounts them too. */
function grants({ secrets = [], configs = [] }: ComposeService, file: ComposeFile | undefined): Mount[] {
  const mount = (kind: "secrets" | "configs", folder: string) => (grant: (typeof secrets)[number]) => {
    const { source, target = source } = typeof grant === "string" ? { source: grant } : grant;
    const options = { create: false, options: [], selinux: null, read_only: true };
    const path = file?.[kind]?.[source]?.file ?? "";
    return { type: "bind" as const, source: path, target: posix.resolve(folder, target), ...options };
  };
  return [...secrets.map(mount("secrets", "/run/secrets")), ...configs.map(mount("configs", "/"))];
}

function placed(mount: Mount, file: ComposeFile | undefined, project: string): Mount {
  if (mount.source === null) return mount;
  const source =
    mount.type === "bind"
      ? posix.resolve(file?.dir ?? "/", mount.source)
      : nameOf(file?.volumes?.[mount.source], mount.source, project);
  return { ...mount, source };
}

function volumesOf(mounts: Mount[], file: ComposeFile | undefined, project: string): ContainerSpec["volumes"] {
  const keys = mounts.flatMap(({ type, source }) => (type === "volume" && source !== null ? [source] : []));
  return [...new Set(keys)].map((key) => {
    const volume = file?.volumes?.[key];
    const { driver = null, driver_opts = {} } = volume ?? {};
    return { name: nameOf(volume, key, project), key, external: isExternal(volume), driver, driver_opts };
  });
}

/** Those that infrastructure is on as well, and those that exist anyway: our own services call each other through the proxy. */
function networksOf(compose: ComposeService, file: ComposeFile, project: string): string[] {
  const shared = new Set(
    Object.values(file.infrastructure).flatMap(({ networks = { default: null } }) => Object.keys(networks)),
  );
  return Object.keys(compose.networks ?? { default: null })
    .filter((key) => shared.has(key) || isExternal(file.networks?.[key]))
    .map((key) => nameOf(file.networks?.[key], key, project));
}

type Named = { name?: string; external?: boolean | { name?: string } } | null | undefined;

function isExternal(item: Named): boolean {
  return item?.external !== undefined && item.external !== false;
}

/** What Docker calls a volume or network of the file. */
function nameOf(item: Named, key: string, project: string): string {
  if (typeof item?.external === "object" && item.external.name) return item.external.name;
  return item?.name ?? (isExternal(item) ? key : `${project}_${key}`);
}

/**
 * What serves users comes back after a reboot unless it is said otherwise. `always` would bring a container back that we stopped,
 * when the engine is started anew.
 */
function restartOf({ restart, deploy }: ComposeService): string {
  const policy = deploy?.restart_policy;
  if (restart === undefined && policy) {
    const { condition = "any", max_attempts } = policy;
    if (condition === "none") return "no";
    if (condition === "on-failure") return max_attempts === undefined ? "on-failure" : `on-failure:${max_attempts}`;
    return "unless-stopped";
  }
  return restart === "always" ? "unless-stopped" : (restart ?? "unless-stopped");
}

/** Limits of `deploy` stand for the older keys (compose-spec, "deploy"). */
function settingsOf(compose: ComposeService): Settings {
  const { limits = {}, reservations = {} } = compose.deploy?.resources ?? {};
  const { cpus, memory: mem_limit, pids: pids_limit } = limits;
  const given = { cpus, mem_limit, pids_limit, mem_reservation: reservations.memory };
  const set = Object.entries({ ...compose, ...defined(given) }).filter(([key]) => key in Settings.shape);
  return defined(Object.fromEntries(set));
}

function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
