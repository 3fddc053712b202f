import { UserError } from "../core/errors.ts";

export interface SshTarget {
  /** What one gives to `ssh`. */
  name: string;
  /** Instead of the user's own (`-F`). */
  configFile?: string | undefined;
  /** Socket of the shared connection. */
  controlPath: string;
}

/** Seconds. A dead connection is noticed after `ALIVE_S * ALIVE_COUNT`; both are far below the lease's 30 s. */
const CONNECT_S = 10;
const ALIVE_S = 5;
const ALIVE_COUNT = 3;

/**
 * The ssh command. The user's configuration, agent, jumps and known hosts are respected: only what sharing and deadlines need is
 * set here. `master` makes the connection that the others go through; without it they connect by themselves.
 */
export function sshArgv(
  { name, configFile, controlPath }: SshTarget,
  { master = false, flags = [], command = [] }: { master?: boolean; flags?: string[]; command?: string[] },
): string[] {
  const options = {
    BatchMode: "yes",
    ControlMaster: master ? "auto" : "no",
    ControlPath: controlPath,
    ControlPersist: "60",
    ConnectTimeout: CONNECT_S,
    ServerAliveInterval: ALIVE_S,
    ServerAliveCountMax: ALIVE_COUNT,
  };
  return [
    "ssh",
    ...(configFile ? ["-F", configFile] : []),
    "-T",
    ...Object.entries(options).flatMap(([key, value]) => ["-o", `${key}=${value}`]),
    ...flags,
    "--",
    name,
    ...command,
  ];
}

/** Refuses a name that ssh could read as an option, or a shell as more than one word (`UserError`). */
export function requireHostName(name: string): void {
  if (/^(?!-)[\w.@:[\]-]+$/.test(name)) return;
  throw new UserError({
    code: "SM-HOST-NAME",
    message: `${JSON.stringify(name)} is no name of a host`,
    next: "use `local`, or a name that `ssh` knows, such as deploy@staging.example.com",
  });
}
