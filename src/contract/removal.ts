import { z } from "zod";

/** What an environment has on one host, by the names it has there. */
export const HostRemains = z.object({
  host: z.string(),
  routes: z.array(z.string()),
  containers: z.array(z.string()),
  networks: z.array(z.string()),
  volumes: z.array(z.string()),
  /** Of releases that only this environment has. */
  images: z.array(z.string()),
  /** Whether its proxy stops, since no other route needs it. */
  proxy: z.boolean(),
});
export type HostRemains = z.infer<typeof HostRemains>;

/** A host that could not be asked, or where something is left; why. */
export const HostLeft = z.object({ host: z.string(), reason: z.string() });
export type HostLeft = z.infer<typeof HostLeft>;

/** What it means to take an environment off its hosts. `volumes`: with its data. */
export const RemovalPlan = z.object({
  environment: z.string(),
  volumes: z.boolean(),
  hosts: z.array(HostRemains),
  away: z.array(HostLeft),
});
export type RemovalPlan = z.infer<typeof RemovalPlan>;

/** What became of it. `removed`: hosts where nothing is left but what was to stay; `left`: the others, and why. */
export const Removal = RemovalPlan.extend({ removed: z.array(z.string()), left: z.array(HostLeft) });
export type Removal = z.infer<typeof Removal>;
