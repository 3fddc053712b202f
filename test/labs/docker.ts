import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { docker, type Engine, PRIVATE, startEngine } from "./engine.ts";
import { freeSlot, takeSlot } from "./slots.ts";

export { docker } from "./engine.ts";
export { appImage, nodeImage } from "./images.ts";
export { missingDocker } from "./missing.ts";

/** A Docker engine of a test's own. */
export interface Docker extends Pick<Engine, "socket" | "host"> {
  stop(): Promise<void>;
}

/**
 * Starts an engine on this machine that shares nothing with others and writes no firewall rules: containers reach each other
 * and are reached through published ports. Its files are in `folder`/docker. `stop` removes containers, networks and files.
 */
export async function startDocker({ folder }: { folder: string }): Promise<Docker> {
  const own = join(folder, "docker");
  mkdirSync(own, { recursive: true });
  const { name, number } = await takeSlot("smd", own, (n) => `10.${192 + n}.0.1/24`);
  try {
    const engine = await startEngine({
      folder: own,
      prefix: ["setpriv", "--pdeathsig", "TERM", "unshare", "--mount", "--propagation", "slave", "sh", PRIVATE, own],
      flags: [
        ...["--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false", "--bridge", name],
        ...["--default-address-pool", `base=10.${192 + number}.128.0/17,size=24`],
      ],
      group: `${name}-`,
    });
    const stop = async () => {
      const containers = await docker(engine, ["ps", "-aq"]).catch(() => "");
      const ids = containers.split("\n").filter(Boolean);
      if (ids.length > 0) await docker(engine, ["rm", "-f", ...ids]).catch(() => undefined);
      await engine.end();
      await freeSlot(name, own);
    };
    return { socket: engine.socket, host: engine.host, stop };
  } catch (error) {
    await freeSlot(name, own);
    throw error;
  }
}
