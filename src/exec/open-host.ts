import type { Host } from "./host.ts";
import { createLocalHost } from "./local-host.ts";
import { createSshHost, type SshOptions } from "./ssh.ts";

/** The machine of that name: `local` is this one, everything else is reached over SSH. Connects when it is first used. */
export function openHost(name: string, options: Omit<SshOptions, "name">): Host {
  return name === "local" ? createLocalHost() : createSshHost({ ...options, name });
}
