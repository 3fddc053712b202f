import { createLocalHost } from "../../exec/local-host.ts";
import type { ContainerLook } from "../platform.ts";
import { createDocker, type Docker } from "./docker/client.ts";
import { readContainers } from "./docker/inspect.ts";
import { judge } from "./infrastructure.ts";

/** How the container of a name is, whoever made it. Rejects when its engine does not answer. */
export async function lookAtContainer(docker: Docker, name: string, signal: AbortSignal): Promise<ContainerLook> {
  const { stdout } = await docker.ask(["container", "inspect", name], { step: `look at ${name}`, signal });
  const [state] = readContainers(stdout.trim() || "[]");
  return { ...judge(state && { ...state, exit: state.lastExit }), restarts: state?.restarts ?? 0 };
}

/** The same on the engine of this machine, or the one that `DOCKER_HOST` names. */
export async function lookAtContainerHere(name: string, signal: AbortSignal): Promise<ContainerLook> {
  return await lookAtContainer(createDocker(createLocalHost()), name, signal);
}
