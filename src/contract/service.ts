import { z } from "zod";

export const ServiceState = z.enum(["healthy", "degraded", "down", "deploying", "unknown"]);
export type ServiceState = z.infer<typeof ServiceState>;

/** `unknown`: the host it runs on does not answer. */
export const ReplicaState = z.enum(["starting", "running", "draining", "exited", "unknown"]);
export type ReplicaState = z.infer<typeof ReplicaState>;

/** One running copy of a service. `weight` is its share of the service's requests in percent; 0 = no traffic. */
export const Replica = z.object({
  id: z.string(),
  /** The host it runs on; left out where there is one place. */
  host: z.string().optional(),
  pid: z.number().int().nullable(),
  port: z.number().int().nullable(),
  state: ReplicaState,
  weight: z.number(),
  inflight: z.number().int(),
  release: z.string(),
});
export type Replica = z.infer<typeof Replica>;

/** What is known of a service on one host; `unknown`: the host does not answer, or nobody has looked yet. */
export const ServiceHost = z.object({
  host: z.string(),
  state: ServiceState,
  /** Replicas that run there, and that should. */
  alive: z.number().int(),
  expected: z.number().int(),
  /** Why the state is what it is; null when healthy. */
  detail: z.string().nullable(),
});
export type ServiceHost = z.infer<typeof ServiceHost>;

/** What runs besides services, such as a database of the Compose file, one on each host. */
export const InfrastructurePart = z.object({
  name: z.string(),
  hosts: z.array(ServiceHost.pick({ host: true, state: true, detail: true })),
});
export type InfrastructurePart = z.infer<typeof InfrastructurePart>;

/** `url` is the routed address that users of the service call; null for a worker. */
export const Service = z.object({
  name: z.string(),
  kind: z.enum(["http", "worker"]),
  state: ServiceState,
  release: z.string().nullable(),
  url: z.string().nullable(),
  /** Nobody but its peers calls it, and `url` is what they call; left out where users do. */
  internal: z.literal(true).optional(),
  critical: z.boolean(),
  /** Why the state is what it is, for people; null when healthy. */
  detail: z.string().nullable(),
  replicas: z.array(Replica),
  /** Where it runs on hosts: how it is on each. */
  hosts: z.array(ServiceHost).optional(),
  /** Resource use of all replicas together; null where the system has no such figures. */
  resources: z.object({ cpuPercent: z.number(), memoryBytes: z.number() }).nullable(),
});
export type Service = z.infer<typeof Service>;
