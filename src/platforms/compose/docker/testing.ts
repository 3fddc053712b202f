import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingDocker, startDocker } from "../../../../test/labs/docker.ts";
import { ServiceSchema } from "../../../config/schema.ts";
import { createLocalHost } from "../../../exec/local-host.ts";
import { loadComposeFile } from "../file/load.ts";
import { type ContainerSpec, containerSpec } from "../file/spec.ts";
import { createDocker, type Docker } from "./client.ts";

/** Why tests with an engine are skipped, told once; undefined where they run. */
export function skipReason(): string | undefined {
  const reason = missingDocker();
  if (reason) console.log(`skipped: ${reason}`);
  return reason;
}

/** An engine of the test's own and a folder; `end` leaves nothing behind. */
export interface Bench {
  docker: Docker;
  /** For the functions of the lab. */
  engine: { host: string };
  folder: string;
  end(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "smd-"));
  const engine = await startDocker({ folder });
  const docker = createDocker(createLocalHost(), ["docker", "-H", engine.host]);
  const end = async () => {
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { docker, engine, folder, end };
}

/** The spec of a service `web` that a Compose file describes. */
export function specOf(yaml: string, manifest: object = {}): ContainerSpec {
  const file = loadComposeFile(yaml, { name: "compose.yaml", dir: "/srv", ours: ["web"], variable: () => undefined });
  return containerSpec({ name: "web", service: ServiceSchema.parse(manifest), file, project: "shop" });
}
