import type { HostRemains } from "../../../contract/removal.ts";
import { type Docker, QUICK_MS } from "./client.ts";
import { filterArgs } from "./labels.ts";

const REMOVE_MS = 120_000;
const BY_COMPOSE = ["--filter", "label=com.docker.compose.project"];

/** An environment on a host, by our labels: names of two environments may come to the same, and people have projects of their own. */
export interface Remains {
  app: string;
  env: string;
  signal?: AbortSignal | undefined;
}

/** What an environment has on a host, by name. */
export async function listRemains(
  docker: Docker,
  { app, env, signal }: Remains,
): Promise<Pick<HostRemains, "containers" | "networks" | "volumes">> {
  const find = async (list: readonly string[], format: string) =>
    (await listed(docker, [...list, "--format", format, ...filterArgs({ app, env })], signal)).sort();
  return {
    containers: await find(["ps", "--all"], "{{.Names}}"),
    networks: await find(["network", "ls"], "{{.Name}}"),
    volumes: await find(["volume", "ls"], "{{.Name}}"),
  };
}

/** Whether any container on the host is ours, of whatever application. */
export async function anyOfOurs(docker: Docker, signal?: AbortSignal): Promise<boolean> {
  const args = ["ps", "--all", "--quiet", "--filter", "label=stationmaster.app"];
  return (await listed(docker, args, signal)).length > 0;
}

/** Stops what Compose started for an environment; its containers and their data stay, so that it goes on where it was. */
export async function stopRemains(docker: Docker, { app, env, signal }: Remains): Promise<void> {
  const ids = await listed(docker, ["ps", "--quiet", ...filterArgs({ app, env }), ...BY_COMPOSE], signal);
  if (ids.length === 0) return;
  await docker.call(["stop", ...ids], { step: `stop ${env} of ${app}`, deadlineMs: REMOVE_MS, signal });
}

/**
 * Removes what an environment has on a host: containers, then networks and, unless they are to stay, volumes, those without a name
 * too. Idempotent. What has other labels stays.
 */
export async function removeRemains(
  docker: Docker,
  { app, env, signal, volumes = true }: Remains & { volumes?: boolean },
): Promise<void> {
  const find = async (list: readonly string[]) =>
    await listed(docker, [...list, "--quiet", ...filterArgs({ app, env })], signal);
  const remove = async (what: string, list: readonly string[], command: readonly string[]) => {
    const found = await find(list);
    if (found.length === 0) return;
    const call = { step: `remove the ${what} of ${env} of ${app}`, deadlineMs: REMOVE_MS, signal };
    // What somebody else removed meanwhile is gone too.
    const { code } = await docker.ask([...command, ...found], call);
    const left = code === 0 ? [] : await find(list);
    if (left.length > 0) await docker.call([...command, ...left], call);
  };
  await remove("containers", ["ps", "--all"], ["rm", "--force", ...(volumes ? ["--volumes"] : [])]);
  await remove("networks", ["network", "ls"], ["network", "rm"]);
  if (volumes) await remove("volumes", ["volume", "ls"], ["volume", "rm"]);
}

async function listed(docker: Docker, args: readonly string[], signal: AbortSignal | undefined): Promise<string[]> {
  const out = await docker.call(args, { step: `docker ${args[0]}`, deadlineMs: QUICK_MS, signal });
  return out.split("\n").filter(Boolean);
}
