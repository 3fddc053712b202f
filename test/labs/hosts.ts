import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, startEngine } from "./engine.ts";
import { type Machine, startMachine } from "./machine.ts";
import { startRegistry } from "./registry.ts";
import { freeSlot, type Slot, takeSlot } from "./slots.ts";
import { type Sshd, startSshd } from "./sshd.ts";

export { missingHosts } from "./missing.ts";

/**
 * A machine with sshd on port 22 and a Docker engine, reached over a network of the lab. It shares this machine's programs and
 * files except /run, /var/lib and /etc; pids, addresses and host name are its own.
 */
export interface LabHost extends Omit<Machine, "prefix"> {
  /** As `ssh` and the manifest call it. */
  name: string;
  address: string;
  /** Where the product may keep its files; the same on every host, and yet each has its own. */
  path: string;
  sshd: Sshd;
  /** Its engine, seen from here. On the host itself it is the default one. */
  docker: Pick<Engine, "socket" | "host">;
  /** Ends the engine and with it the containers, as a stopped service. */
  stopDocker(): Promise<void>;
  startDocker(): Promise<void>;
}

export interface HostsLab {
  hosts: LabHost[];
  /** An ssh_config that knows every host. */
  sshConfig: string;
  /** This machine's address in the network of the hosts, for stores and whatever else they are to reach. */
  gateway: string;
  /** `address:port` of a registry without TLS that every host may use. */
  registry: string | undefined;
  close(): Promise<void>;
}

export interface HostsOptions {
  count: number;
  registry?: boolean;
  /** Gives every host a file system of that size for /var/lib and its images, such as `800m`, held in memory. */
  disk?: string;
}

/** Makes hosts `h1`, `h2`, …; what the labs of killed processes left behind is removed first. */
export async function openHosts({ count, registry = false, disk }: HostsOptions): Promise<HostsLab> {
  const folder = mkdtempSync(join(tmpdir(), "stationmaster-hosts-"));
  const slot = await takeSlot("smh", folder, (n) => `10.231.${n}.1/24`);
  const gateway = `10.231.${slot.number}.1`;
  try {
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    const [address, ...hosts] = await Promise.all([
      registry ? startRegistry(join(folder, "registry"), gateway) : undefined,
      ...numbers.map((number) => startHost(slot, folder, number, disk)),
    ]);
    const sshConfig = join(folder, "ssh_config");
    writeFileSync(sshConfig, hosts.map(({ sshd }) => sshd.configBlock).join("\n"));
    return { hosts, sshConfig, gateway, registry: address, close: () => freeSlot(slot.name, folder) };
  } catch (error) {
    await freeSlot(slot.name, folder);
    throw error;
  }
}

async function startHost(slot: Slot, lab: string, number: number, disk: string | undefined): Promise<LabHost> {
  const name = `h${number}`;
  const folder = join(lab, name);
  const address = `10.231.${slot.number}.${10 + number}`;
  mkdirSync(folder);
  const machine = { name, folder, address, bridge: slot.name, port: `${slot.name}p${number}`, disk };
  const { prefix, ...rest } = await startMachine(machine);
  const start = () =>
    startEngine({
      folder: join(folder, "docker"),
      prefix,
      flags: [
        ...["--host", "unix:///run/docker.sock", "--insecure-registry", `10.231.${slot.number}.0/24`],
        ...["--bip", "10.88.0.1/24", "--default-address-pool", "base=10.89.0.0/16,size=24"],
      ],
      group: `${slot.name}-${name}`,
    });
  const [first, sshd] = await Promise.all([start(), startSshd({ folder: lab, name, address, prefix })]);
  let engine = first;
  return {
    ...rest,
    name,
    address,
    path: "/var/lib/stationmaster",
    sshd,
    docker: { socket: first.socket, host: first.host },
    stopDocker: () => engine.end(),
    startDocker: async () => {
      engine = await start();
    },
  };
}
