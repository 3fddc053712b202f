import { UserError } from "../../../core/errors.ts";
import type { Mount } from "../file/mounts.ts";
import type { PublishedPort } from "../file/ports.ts";
import type { ContainerSpec } from "../file/spec.ts";
import { flagsOf, SETTING_FLAGS } from "./flags.ts";
import { labelArgs, PORT_LABEL, type UnitLabels } from "./labels.ts";

export interface CreateOptions {
  /** Name of the container. */
  id: string;
  /** What it runs, by digest or id. */
  image: string;
  labels: UnitLabels;
  /** The network it is created on; the others are joined before it starts. */
  network: string;
  /** Its port and the one on loopback of the host that leads there. */
  publish?: { port: number; hostPort: number } | undefined;
  /** Names that lead elsewhere, such as services behind the proxy. */
  addHosts?: Readonly<Record<string, string>>;
  /** File on the host with its variables. */
  envFile: string;
  /** A command to run instead of its own, once: nothing is published and nothing restarts it. */
  once?: readonly string[] | undefined;
}

/** Arguments of docker for the container of a service. */
export function createArgs(spec: ContainerSpec, options: CreateOptions): string[] {
  const { id, image, labels, network, publish, addHosts = {}, envFile, once } = options;
  const [program, ...args] = once ?? spec.entrypoint ?? [];
  const entrypoint = once ?? spec.entrypoint;
  const { labels: own, ...settings } = spec.settings;
  const quiet = once !== undefined;
  return [
    ...["create", "--name", id, "--pull", "never", "--network", network, "--env-file", envFile],
    ...["--restart", quiet ? "no" : spec.restart],
    ...(publish && !quiet ? ["--publish", `127.0.0.1:${publish.hostPort}:${publish.port}`] : []),
    ...(quiet ? [] : spec.ports.flatMap((port) => ["--publish", published(port)])),
    ...spec.mounts.flatMap(mountArgs),
    ...flagsOf(SETTING_FLAGS, quiet ? { ...settings, healthcheck: { disable: true } } : settings),
    ...Object.entries(addHosts).flatMap(([name, address]) => ["--add-host", `${name}:${address}`]),
    ...flagsOf(SETTING_FLAGS, own ? { labels: own } : {}),
    // Ours come last: the last of two labels counts.
    ...labelArgs(labels),
    ...(publish ? ["--label", `${PORT_LABEL}=${publish.hostPort}`] : []),
    ...(entrypoint === null ? [] : ["--entrypoint", program ?? ""]),
    image,
    ...args,
    ...(quiet ? [] : (spec.command ?? [])),
  ];
}

/**
 * Arguments that make a volume as Compose would, so that Compose takes it for its own; our labels say whose it is. A volume that
 * exists stays as it is.
 */
export function volumeArgs(
  { name, key, driver, driver_opts }: ContainerSpec["volumes"][number],
  project: string,
  { app, env }: Pick<UnitLabels, "app" | "env">,
): string[] {
  return [
    ...["volume", "create", "--label", `com.docker.compose.project=${project}`],
    ...["--label", `com.docker.compose.volume=${key}`, ...labelArgs({ app, env })],
    ...(driver === null ? [] : ["--driver", driver]),
    ...Object.entries(driver_opts).flatMap(([option, value]) => ["--opt", `${option}=${value}`]),
    name,
  ];
}

/** docker reads variables line by line and in pieces of this many bytes. */
const LONGEST_LINE = 65_535;

/** The file for `--env-file`. A `UserError` names what such a file cannot hold. */
export function envFileText(environment: Readonly<Record<string, string>>, service: string): string {
  return Object.entries(environment)
    .map(([name, value]) => {
      const problem = unfit(name, value);
      if (!problem) return `${name}=${value}\n`;
      throw new UserError({
        code: "SM-DOCKER-ENVIRONMENT",
        message: `${service}: the variable ${name} ${problem}, which docker cannot pass on`,
        next: "put the value into one line, such as base64, or into a file that is mounted",
      });
    })
    .join("");
}

function unfit(name: string, value: string): string | undefined {
  if (!/^[^\s=#][^\s=]*$/.test(name)) return "has a name with blanks";
  if (/[\n\0]/.test(value)) return "has several lines";
  if (value.endsWith("\r")) return "ends with a carriage return";
  return Buffer.byteLength(`${name}=${value}`) > LONGEST_LINE ? "is longer than 64 KB" : undefined;
}

function published({ target, published: host, host_ip, protocol }: PublishedPort): string {
  const address = host_ip?.includes(":") ? `[${host_ip}]` : host_ip;
  const place = address ? `${address}:${host ?? ""}:` : host === null ? "" : `${host}:`;
  return `${place}${target}/${protocol}`;
}

/** `--volume` makes the folder on the host and knows SELinux; `--mount` takes any path. */
function mountArgs({ type, source, target, read_only, create, options, selinux }: Mount): string[] {
  if (type === "bind" && source && (create || selinux) && !`${source}${target}`.includes(":")) {
    const words = [read_only && "ro", selinux, ...options.map((option) => option.replace("bind-propagation=", ""))];
    const suffix = words.filter((word) => typeof word === "string").join(",");
    return ["--volume", `${source}:${target}${suffix && `:${suffix}`}`];
  }
  const fields = [
    `type=${type}`,
    source && `source=${source}`,
    `target=${target}`,
    read_only && "readonly",
    ...options,
  ];
  const quoted = fields
    .filter((field) => typeof field === "string" && field !== "")
    .map((field) => (/[",\n]/.test(String(field)) ? `"${String(field).replaceAll('"', '""')}"` : field));
  return ["--mount", quoted.join(",")];
}
