import { z } from "zod";
import { ExternalError } from "../../../core/errors.ts";
import type { Docker } from "./client.ts";
import { dockerLabels, labelArgs } from "./labels.ts";

const Networks = z.array(
  z.object({
    Labels: z.record(z.string(), z.string()).nullish(),
    IPAM: z.object({ Config: z.array(z.object({ Gateway: z.string().optional() })).nullish() }),
  }),
);

/**
 * Makes the network of an environment if it is not there, and answers the address under which its containers reach the host;
 * there a proxy can listen for them. One of another environment whose name comes to the same is not taken over.
 */
export async function ensureNetwork(
  docker: Docker,
  name: string,
  { app, env, signal }: { app: string; env: string; signal?: AbortSignal | undefined },
): Promise<string> {
  const call = { step: `make the network ${name}`, signal };
  const look = async () => await docker.ask(["network", "inspect", name], call);
  let found = await look();
  if (found.code !== 0) {
    const made = await docker.ask(["network", "create", ...labelArgs({ app, env }), name], call);
    found = await look();
    if (found.code !== 0)
      throw new ExternalError({
        code: "SM-DOCKER-NETWORK",
        message: `${docker.host.name}: ${call.step}: ${made.stderr.trim()}`,
        next: `docker network ls on ${docker.host.name} shows what is there; docker network prune removes unused ones`,
      });
  }
  const [network] = Networks.parse(JSON.parse(found.stdout));
  const whose = Object.entries(dockerLabels({ app, env })).map(([key, value]) => network?.Labels?.[key] ?? value);
  if (whose.join() !== [app, env].join())
    throw new ExternalError({
      code: "SM-DOCKER-NAME",
      message: `${docker.host.name}: ${call.step}: it belongs to ${whose.join(", environment ")}`,
      next: "give one of the two environments another name, or another host",
    });
  const gateway = network?.IPAM.Config?.map(({ Gateway }) => Gateway).find((address) => address?.includes("."));
  if (gateway) return gateway;
  throw new ExternalError({
    code: "SM-DOCKER-NETWORK",
    message: `${docker.host.name}: the network ${name} has no IPv4 gateway`,
    next: `remove it on ${docker.host.name} (docker network rm ${name}) and try again`,
  });
}
