import { UserError } from "../core/errors.ts";
import { lookAtContainerHere } from "../platforms/compose/container.ts";
import type { Platform } from "../platforms/platform.ts";
import type { ProcessCount } from "../watch/types.ts";
import type { RestartCounter } from "./restart-counter.ts";

/** Looks at a container that Stationmaster need not have made: on a host of the environment, or on this machine. */
export async function lookAtContainer(
  { platform, environment }: { platform: Pick<Platform, "hosts" | "container">; environment: string },
  { container, host }: { container: string; host?: string | undefined },
  { restarts, now, signal }: { restarts: RestartCounter; now: number; signal: AbortSignal },
): Promise<ProcessCount> {
  if (host !== undefined && !(platform.container && platform.hosts?.().includes(host)))
    throw new UserError({
      code: "SM-CHECK-HOST",
      message: `${environment} has no host ${host} with Docker`,
      next: "name one of the environment's hosts, or leave `host` out for the machine of the daemon",
    });
  const look =
    host === undefined ? lookAtContainerHere(container, signal) : platform.container?.(container, host, { signal });
  const { alive = false, detail = null, restarts: total = 0 } = (await look) ?? {};
  return {
    alive: alive ? 1 : 0,
    expected: 1,
    detail,
    restarts: restarts.note(`container ${host ?? ""} ${container}`, total, now),
  };
}
