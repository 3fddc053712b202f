import { z } from "zod";
import { Mounts } from "./mounts.ts";
import { Ports } from "./ports.ts";
import { Amount, Bytes, Flag, Labels, Pairs, Span, Text, Whole, Words } from "./values.ts";

const List = z.array(Text);

const Ulimit = z.union([Whole, z.strictObject({ soft: Whole, hard: Whole })]);
const Healthcheck = z.strictObject({
  disable: Flag.optional(),
  test: z.union([Text, z.array(Text).min(1)]).optional(),
  interval: Span.optional(),
  timeout: Span.optional(),
  start_period: Span.optional(),
  start_interval: Span.optional(),
  retries: Whole.optional(),
});

/** Keys that `docker create` has a flag for; they go into the record of a release and from there to the flag as they are. */
export const Settings = z
  .strictObject({
    blkio_config: z.strictObject({ weight: Whole }),
    cap_add: List,
    cap_drop: List,
    cgroup: z.enum(["host", "private"]),
    cgroup_parent: Text,
    cpu_period: z.union([Amount, Span]),
    cpu_quota: z.union([Amount, Span]),
    cpu_shares: Amount,
    cpus: Amount,
    cpuset: Text,
    device_cgroup_rules: List,
    devices: z.array(
      z.union([Text, z.strictObject({ source: Text, target: Text.optional(), permissions: Text.optional() })]),
    ),
    dns: List,
    dns_opt: List,
    dns_search: List,
    domainname: Text,
    extra_hosts: z.record(Text, z.union([Text, List])),
    gpus: z.literal("all"),
    group_add: z.array(z.union([Text, z.number()])),
    healthcheck: Healthcheck,
    hostname: Text,
    init: Flag,
    ipc: z.enum(["none", "private", "shareable"]),
    labels: Labels,
    logging: z.strictObject({
      driver: Text.optional(),
      options: z.record(Text, z.union([Text, z.number(), z.null()])).optional(),
    }),
    mem_limit: Bytes,
    mem_reservation: Bytes,
    mem_swappiness: Whole,
    memswap_limit: Bytes,
    oom_kill_disable: Flag,
    oom_score_adj: Whole,
    pids_limit: Whole,
    platform: Text,
    privileged: Flag,
    read_only: Flag,
    runtime: Text,
    security_opt: List,
    shm_size: Bytes,
    stdin_open: Flag,
    stop_signal: Text,
    storage_opt: z.record(Text, Text),
    sysctls: Labels,
    tmpfs: List,
    tty: Flag,
    ulimits: z.record(z.string().regex(/^[a-z]+$/, "the name of a limit"), Ulimit),
    user: Text,
    userns_mode: z.enum(["host", ""]),
    uts: z.literal("host"),
    working_dir: Text,
  })
  .partial();
export type Settings = z.output<typeof Settings>;

/** Flags of `docker build`. */
export const Build = z
  .strictObject({
    context: Text,
    dockerfile: Text,
    args: Pairs,
    cache_from: List,
    extra_hosts: z.record(Text, z.union([Text, List])),
    labels: Labels,
    network: Text,
    no_cache: Flag,
    platforms: List,
    pull: Flag,
    shm_size: Bytes,
    tags: List,
    target: Text,
    ulimits: z.record(Text, Ulimit),
    additional_contexts: z.unknown(),
    cache_to: z.unknown(),
    dockerfile_inline: z.unknown(),
    entitlements: z.unknown(),
    isolation: z.unknown(),
    privileged: z.unknown(),
    provenance: z.unknown(),
    sbom: z.unknown(),
    secrets: z.unknown(),
    ssh: z.unknown(),
  })
  .partial();

export type Build = z.output<typeof Build>;

const Grant = z.union([
  Text,
  z.strictObject({
    source: Text,
    target: Text.optional(),
    uid: Text.optional(),
    gid: Text.optional(),
    mode: z.union([z.number(), Text]).optional(),
  }),
]);
const Dependency = z.strictObject({
  condition: z.enum(["service_started", "service_healthy", "service_completed_successfully"]),
  restart: Flag.optional(),
  required: z.boolean().optional(),
});
const Attachment = z.strictObject({
  aliases: List.optional(),
  interface_name: Text.optional(),
  ipv4_address: Text.optional(),
  ipv6_address: Text.optional(),
  link_local_ips: List.optional(),
  mac_address: Text.optional(),
  driver_opts: z.record(Text, z.union([Text, z.number()])).optional(),
  priority: z.number().optional(),
  gw_priority: z.number().optional(),
});
const Amounts = { cpus: Amount.optional(), memory: Bytes.optional() };
const Deploy = z.strictObject({
  mode: Text.optional(),
  replicas: Whole.optional(),
  resources: z
    .strictObject({
      limits: z.strictObject({ ...Amounts, pids: Whole.optional() }).optional(),
      reservations: z
        .strictObject({ ...Amounts, devices: z.unknown().optional(), generic_resources: z.unknown().optional() })
        .optional(),
    })
    .optional(),
  restart_policy: z
    .strictObject({
      condition: z.enum(["none", "on-failure", "any"]).optional(),
      max_attempts: Whole.optional(),
      delay: Span.optional(),
      window: Span.optional(),
    })
    .optional(),
  // For a swarm.
  endpoint_mode: z.unknown().optional(),
  labels: z.unknown().optional(),
  placement: z.unknown().optional(),
  rollback_config: z.unknown().optional(),
  update_config: z.unknown().optional(),
});

/** A service as it is written, short forms written out; keys that only Compose itself has a use for are left open. */
export const Service = z
  .strictObject({
    ...Settings.shape,
    build: Build,
    command: Words,
    configs: z.array(Grant),
    container_name: Text,
    depends_on: z.record(Text, Dependency),
    deploy: z.union([Deploy, z.null()]),
    entrypoint: Words,
    env_file: z.array(
      z.union([Text, z.strictObject({ path: Text, required: Flag.optional(), format: z.literal("raw").optional() })]),
    ),
    environment: Pairs,
    expose: z.array(z.union([Text, z.int()])),
    image: z.string().min(1),
    network_mode: Text,
    networks: z.record(Text, z.union([Attachment, z.null()])),
    pid: z.union([Text, z.null()]),
    ports: Ports,
    profiles: List,
    restart: z
      .string()
      .regex(/^(?:no|always|unless-stopped|on-failure(?::\d+)?)$/, "no, always, unless-stopped or on-failure"),
    scale: Whole,
    secrets: z.array(Grant),
    stop_grace_period: Span,
    volumes: Mounts,
    annotations: z.unknown(),
    attach: z.unknown(),
    cpu_count: z.unknown(),
    cpu_percent: z.unknown(),
    cpu_rt_period: z.unknown(),
    cpu_rt_runtime: z.unknown(),
    credential_spec: z.unknown(),
    develop: z.unknown(),
    external_links: z.unknown(),
    isolation: z.unknown(),
    label_file: z.unknown(),
    links: z.unknown(),
    mac_address: z.unknown(),
    models: z.unknown(),
    post_start: z.unknown(),
    pre_stop: z.unknown(),
    provider: z.unknown(),
    pull_policy: z.unknown(),
    pull_refresh_after: z.unknown(),
    use_api_socket: z.unknown(),
    volumes_from: z.unknown(),
  })
  .partial();
export type Service = z.output<typeof Service>;

/** A service that only Compose runs: what we have to know of it, the rest as it is. Compose judges it. */
export const Infrastructure = Service.pick({
  configs: true,
  depends_on: true,
  env_file: true,
  environment: true,
  networks: true,
  profiles: true,
  secrets: true,
  volumes: true,
}).loose();
export type Infrastructure = z.output<typeof Infrastructure>;

const External = z.union([Flag, z.strictObject({ name: Text.optional() })]);
const Volume = z.strictObject({
  name: Text.optional(),
  external: External.optional(),
  driver: Text.optional(),
  driver_opts: z.record(Text, z.union([Text, z.number()]).transform(String)).optional(),
  labels: z.unknown().optional(),
});
const Network = z.looseObject({ name: Text.optional(), external: External.optional() });
const Content = z.looseObject({ file: Text.optional() });

/** The file around its services. */
export const File = z.strictObject({
  version: Text.optional(),
  name: Text.optional(),
  services: z.record(
    z.string().regex(/^[a-zA-Z0-9._-]+$/, "letters, digits, dots, dashes and underscores"),
    z.unknown(),
  ),
  volumes: z.record(Text, Volume.nullable()).nullish(),
  networks: z.record(Text, Network.nullable()).nullish(),
  secrets: z.record(Text, Content).nullish(),
  configs: z.record(Text, Content).nullish(),
  models: z.unknown().optional(),
});
export type File = z.output<typeof File>;
