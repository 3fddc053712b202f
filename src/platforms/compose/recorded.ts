import { z } from "zod";
import type { ReleasedService } from "../../store/tables/release.ts";
import { ContainerSpec } from "./file/spec.ts";

/** Where users call a service on a host. */
export const Listen = z.object({
  port: z.int(),
  bind: z.string(),
  tls: z.string().optional(),
  domain: z.string().optional(),
});
export type Listen = z.output<typeof Listen>;

/** What a release keeps of a service of this platform: enough to start it again. Its variables are references, see `ContainerSpec`. */
export const Recorded = z.object({
  spec: ContainerSpec,
  /** What it runs: by digest, by the id of an image, or by the tag of what is built, which has the content in its name. */
  image: z.string(),
  /** How that image is made; null: it is pulled. */
  build: z
    .object({
      /** Built on the host from this commit of a repository; null: from the files of the project, here. */
      git: z.object({ repository: z.string(), ref: z.string(), commit: z.string() }).nullable(),
    })
    .nullable(),
  listen: z.array(Listen),
  /** Proxies in front of the hosts that are believed about the client; left out where there is none. */
  trusted: z.array(z.string()).optional(),
  /** What Compose calls the project. */
  project: z.string(),
});
export type Recorded = z.output<typeof Recorded>;

/** Reads what a release keeps; it was written by this platform, so anything else is a fault of ours. */
export function recordedOf(service: ReleasedService): Recorded {
  return Recorded.parse(service.recorded);
}
