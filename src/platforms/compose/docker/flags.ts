import { quoteForShell } from "../../../exec/quote.ts";
import type { Build, Settings } from "../file/schema.ts";

type Flags<T> = { [K in keyof T]-?: (value: NonNullable<T[K]>) => string[] };
type Ulimits = NonNullable<Settings["ulimits"]>;

/** The flags of `docker create` for each setting of a Compose service. */
export const SETTING_FLAGS: Flags<Settings> = {
  blkio_config: ({ weight }) => ["--blkio-weight", String(weight)],
  cap_add: each("--cap-add"),
  cap_drop: each("--cap-drop"),
  cgroup: one("--cgroupns"),
  cgroup_parent: one("--cgroup-parent"),
  cpu_period: one("--cpu-period"),
  cpu_quota: one("--cpu-quota"),
  cpu_shares: one("--cpu-shares"),
  cpus: one("--cpus"),
  cpuset: one("--cpuset-cpus"),
  device_cgroup_rules: each("--device-cgroup-rule"),
  devices: (devices) => devices.flatMap((device) => ["--device", typeof device === "string" ? device : path(device)]),
  dns: each("--dns"),
  dns_opt: each("--dns-option"),
  dns_search: each("--dns-search"),
  domainname: one("--domainname"),
  extra_hosts: hosts,
  gpus: one("--gpus"),
  group_add: each("--group-add"),
  healthcheck: health,
  hostname: one("--hostname"),
  init: flag("--init"),
  ipc: one("--ipc"),
  labels: pairs("--label"),
  logging: ({ driver, options = {} }) => [
    ...(driver === undefined ? [] : ["--log-driver", driver]),
    ...Object.entries(options).flatMap(([key, value]) => ["--log-opt", `${key}=${value ?? ""}`]),
  ],
  mem_limit: bytes("--memory"),
  mem_reservation: bytes("--memory-reservation"),
  mem_swappiness: one("--memory-swappiness"),
  memswap_limit: bytes("--memory-swap"),
  oom_kill_disable: flag("--oom-kill-disable"),
  oom_score_adj: one("--oom-score-adj"),
  pids_limit: one("--pids-limit"),
  platform: one("--platform"),
  privileged: flag("--privileged"),
  read_only: flag("--read-only"),
  runtime: one("--runtime"),
  security_opt: each("--security-opt"),
  shm_size: bytes("--shm-size"),
  stdin_open: flag("--interactive"),
  stop_signal: one("--stop-signal"),
  storage_opt: pairs("--storage-opt"),
  sysctls: pairs("--sysctl"),
  tmpfs: each("--tmpfs"),
  tty: flag("--tty"),
  ulimits,
  user: one("--user"),
  userns_mode: (mode) => (mode === "" ? [] : ["--userns", mode]),
  uts: one("--uts"),
  working_dir: one("--workdir"),
};

type BuildFlags = Omit<Build, NotFlags>;
/** What says where the build is, and keys that are ignored or refused when the file is read. */
type NotFlags =
  | "context"
  | "dockerfile"
  | "additional_contexts"
  | "cache_to"
  | "dockerfile_inline"
  | "entitlements"
  | "isolation"
  | "privileged"
  | "provenance"
  | "sbom"
  | "secrets"
  | "ssh"
  | "tags";

/** The flags of `docker build` for each key of `build`. */
export const BUILD_FLAGS: Flags<BuildFlags> = {
  // Without a value docker takes the variable of its own environment, of which there is none.
  args: (args) => Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value ?? ""}`]),
  cache_from: each("--cache-from"),
  extra_hosts: hosts,
  labels: pairs("--label"),
  network: one("--network"),
  no_cache: flag("--no-cache"),
  platforms: each("--platform"),
  pull: flag("--pull"),
  shm_size: bytes("--shm-size"),
  target: one("--target"),
  ulimits,
};

/** The argv of a table for the values that are there. */
export function flagsOf<T extends object>(table: Flags<T>, values: Partial<T>): string[] {
  return (Object.keys(table) as (keyof T & string)[]).flatMap((key) => {
    const value = values[key];
    return value === undefined || value === null ? [] : table[key](value);
  });
}

function one(name: string) {
  return (value: string | number) => [name, String(value)];
}

/** docker takes no blank between number and unit. */
function bytes(name: string) {
  return (value: string | number) => [name, String(value).replace(" ", "")];
}

function flag(name: string) {
  return (value: boolean) => (value ? [name] : []);
}

function each(name: string) {
  return (values: readonly (string | number)[]) => values.flatMap((value) => [name, String(value)]);
}

function pairs(name: string) {
  return (values: Record<string, string>) =>
    Object.entries(values).flatMap(([key, value]) => [name, `${key}=${value}`]);
}

function hosts(values: Record<string, string | string[]>): string[] {
  return Object.entries(values).flatMap(([name, addresses]) =>
    [addresses].flat().flatMap((address) => ["--add-host", `${name}:${address.replace(/^\[|\]$/g, "")}`]),
  );
}

function ulimits(values: Ulimits): string[] {
  return Object.entries(values).flatMap(([name, limit]) => [
    "--ulimit",
    `${name}=${typeof limit === "number" ? limit : `${limit.soft}:${limit.hard}`}`,
  ]);
}

function path({
  source,
  target = source,
  permissions = "rwm",
}: {
  source: string;
  target?: string;
  permissions?: string;
}) {
  return `${source}:${target}:${permissions}`;
}

/** docker's own flag runs the test through the shell of the image, also where Compose would start the program itself. */
function health(check: NonNullable<Settings["healthcheck"]>): string[] {
  const { test, disable, interval, timeout, start_period, retries } = check;
  const [kind, ...words] = typeof test === "string" ? ["CMD-SHELL", test] : (test ?? []);
  if (disable || kind === "NONE") return ["--no-healthcheck"];
  const command = kind === "CMD" ? quoteForShell(words) : words.join(" ");
  const times = { "--health-interval": interval, "--health-timeout": timeout, "--health-start-period": start_period };
  return [
    ...(kind === undefined ? [] : ["--health-cmd", command]),
    ...Object.entries(times).flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...(retries === undefined ? [] : ["--health-retries", String(retries)]),
  ];
}
