import type { Build, Service, Settings } from "./schema.ts";

/**
 * What becomes of a key of an application's service that no flag of `docker create` takes. `refuses` answers what to do instead,
 * or undefined where the value is fine.
 */
export type Feature = "used" | { ignored: string } | { refuses: (value: unknown) => string | undefined };

const SAME_NAME = "remove it: units have names of their own, so that two releases run side by side";
const BY_NAME = "remove it: services reach each other by name";
const REPLICAS = "remove it and set `replicas` of the service in the manifest";
const SWARM = "is for a swarm";
const OWN_SPACE = "remove it: two releases run side by side, each with processes of its own";

function always(next: string): Feature {
  return { refuses: () => next };
}

function unless(allowed: readonly unknown[], next: string): Feature {
  return { refuses: (value) => (allowed.includes(value) ? undefined : next) };
}

export const FEATURES: Record<Exclude<keyof Service, keyof Settings>, Feature> = {
  annotations: { ignored: "engines before 24 have none; labels are kept" },
  attach: { ignored: "it is about the terminal of `docker compose up`" },
  build: "used",
  command: "used",
  configs: "used",
  container_name: always(SAME_NAME),
  cpu_count: { ignored: "it is for Windows" },
  cpu_percent: { ignored: "it is for Windows" },
  cpu_rt_period: always("remove it: real-time limits are not set here"),
  cpu_rt_runtime: always("remove it: real-time limits are not set here"),
  credential_spec: always("remove it: it is for Windows"),
  depends_on: "used",
  deploy: "used",
  develop: { ignored: "it is for development" },
  entrypoint: "used",
  env_file: "used",
  environment: "used",
  expose: "used",
  external_links: always("join the network of that container under `networks`"),
  image: "used",
  isolation: { ignored: "it is for Windows" },
  label_file: always("write the labels under `labels`"),
  links: always(BY_NAME),
  mac_address: always("remove it: two containers cannot have one address"),
  models: always("give the address of the model in `environment`"),
  network_mode: unless(["bridge", "default"], "remove it and publish the port under `ports`"),
  networks: "used",
  pid: unless([null], OWN_SPACE),
  ports: "used",
  post_start: always("do it in the entrypoint of the image"),
  pre_stop: always("do it when the program gets its stop signal"),
  profiles: { ignored: "the manifest lists the service, so it runs" },
  provider: always("run it outside and give its address in `environment`"),
  pull_policy: { ignored: "a release names its image by digest" },
  pull_refresh_after: { ignored: "a release names its image by digest" },
  restart: "used",
  scale: unless([1, "1"], REPLICAS),
  secrets: "used",
  stop_grace_period: "used",
  use_api_socket: always("mount the socket under `volumes`"),
  volumes: "used",
  volumes_from: always("mount the same volume under `volumes` of both services"),
};

/** Keys that have a flag, but not for each of their values. */
export const SETTINGS: Partial<Record<keyof Settings, Feature>> = {
  gpus: unless(["all"], "write `gpus: all`"),
  ipc: unless(["none", "private", "shareable"], OWN_SPACE),
  userns_mode: unless(["host", ""], OWN_SPACE),
};

/** Keys of `build`; `docker build` without BuildKit has flags for the rest. */
export const BUILD: Record<keyof Build, Feature> = {
  additional_contexts: always("copy what is needed into the context"),
  args: "used",
  cache_from: "used",
  cache_to: { ignored: "the host keeps its own cache" },
  context: {
    refuses: (value) =>
      /^[a-z+]+:\/\/|^git@/.test(String(value)) ? "name a folder of this repository, or an `image`" : undefined,
  },
  dockerfile: "used",
  dockerfile_inline: always("write it into a file and name that as `dockerfile`"),
  entitlements: always("remove it: builds get no further rights"),
  extra_hosts: "used",
  isolation: { ignored: "it is for Windows" },
  labels: "used",
  network: "used",
  no_cache: "used",
  platforms: { refuses: (value) => (oneOf(value) ? undefined : "name one platform: hosts build for themselves") },
  privileged: always("remove it: builds get no further rights"),
  provenance: { ignored: "no attestations are made" },
  pull: "used",
  sbom: { ignored: "no attestations are made" },
  secrets: always("build the image elsewhere and name it as `image`"),
  shm_size: "used",
  ssh: always("build the image elsewhere and name it as `image`"),
  tags: { ignored: "images get the tag of their commit" },
  target: "used",
  ulimits: "used",
};

/** Keys below `deploy`. */
export const DEPLOY: Record<string, Feature> = {
  endpoint_mode: { ignored: SWARM },
  labels: { ignored: SWARM },
  mode: unless(["replicated"], "remove it: every host gets `replicas` of a service"),
  placement: { ignored: SWARM },
  replicas: unless([1, "1"], REPLICAS),
  resources: {
    refuses: (value) =>
      /"(?:devices|generic_resources)"/.test(JSON.stringify(value))
        ? "write `gpus: all`, or name the device under `devices`"
        : undefined,
  },
  rollback_config: { ignored: "the manifest's `strategy` says how a release is undone" },
  update_config: { ignored: "the manifest's `strategy` says how users get a release" },
};

/** Keys below `healthcheck`. */
export const HEALTHCHECK: Record<string, Feature> = {
  start_interval: { ignored: "engines before 25 do not know it; `interval` counts from the start" },
};

/** Keys below an entry of `networks`. */
export const ATTACHMENT: Record<string, Feature> = {
  aliases: { ignored: "requests to a service go through the proxy, under its own name" },
  driver_opts: { ignored: "containers join networks with the driver's defaults" },
  gw_priority: { ignored: "containers join networks with the driver's defaults" },
  interface_name: { ignored: "containers join networks with the driver's defaults" },
  ipv4_address: always("remove it: two containers cannot have one address"),
  ipv6_address: always("remove it: two containers cannot have one address"),
  link_local_ips: always("remove it: two containers cannot have one address"),
  mac_address: always("remove it: two containers cannot have one address"),
  priority: { ignored: "containers join networks with the driver's defaults" },
};

function oneOf(value: unknown): boolean {
  return Array.isArray(value) && value.length <= 1;
}
