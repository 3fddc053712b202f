import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tree } from "../../bench/load/memory.ts";
import { until } from "../lab/until.ts";
import { PRIVATE } from "./engine.ts";
import { labEnv, must } from "./run.ts";

const INIT = fileURLToPath(new URL("init.sh", import.meta.url));

export interface MachineOptions {
  name: string;
  folder: string;
  address: string;
  /** The bridge it is connected to, and the name of its port there. */
  bridge: string;
  port: string;
  /** Size of a file system of its own for /var/lib, as mount wants it; without it there is no limit. */
  disk?: string;
}

/** What a host is without its services: a world of its own for processes, network, host name, /run, /var/lib and /etc. */
export interface Machine {
  /** Put before a program to run it there. */
  prefix: string[];
  /** A path of the machine as this process sees it. */
  outside(path: string): string;
  exec(argv: readonly string[], deadlineMs?: number): Promise<string>;
  cut(): Promise<void>;
  heal(): Promise<void>;
  fillDisk(): Promise<void>;
  freeDisk(): Promise<void>;
}

/**
 * Makes a machine that lasts as long as this process or until its folder's processes are ended. Everything in it ends with its
 * first process; its pids mean something inside only.
 */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { name, folder, address, bridge, port, disk } = options;
  for (const needed of ["run/sshd", "lib/haproxy"]) mkdirSync(join(folder, needed), { recursive: true, mode: 0o755 });
  const world = [
    "--fork",
    "--kill-child",
    "--pid",
    "--mount-proc",
    "--net",
    "--uts",
    "--mount",
    "--propagation",
    "slave",
  ];
  const args = ["--pdeathsig", "KILL", "unshare", ...world, "sh", PRIVATE, folder, "sh", INIT];
  const child = spawn("setpriv", args, { detached: true, stdio: "ignore", env: labEnv() });
  await once(child, "spawn");
  await until(`${name} to begin`, () => existsSync(join(folder, "run/ready")));
  const [, pid] = tree(child.pid ?? 0);
  const prefix = ["nsenter", "--target", String(pid), "--net", "--pid", "--mount", "--uts", "--"];
  const exec = (argv: readonly string[], deadlineMs?: number) => must([...prefix, ...argv], deadlineMs);
  const outside = (path: string) => join(`/proc/${pid}/root`, path);

  await must(["ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", String(pid)]);
  await must(["ip", "link", "set", port, "master", bridge, "up"]);
  await exec(["ip", "addr", "add", `${address}/24`, "dev", "eth0"]);
  for (const link of ["lo", "eth0"]) await exec(["ip", "link", "set", link, "up"]);
  await exec(["busybox", "hostname", name]);
  if (disk) await mountDisk(exec, folder, disk);

  const resize = async (size: string | number) => {
    if (!disk) throw new Error(`${name} has no disk of its own: open it with disk`);
    await exec(["mount", "-o", `remount,size=${size}`, "/var/lib"]);
  };
  return {
    prefix,
    outside,
    exec,
    cut: async () => void (await must(["ip", "link", "set", port, "down"])),
    heal: async () => void (await must(["ip", "link", "set", port, "up"])),
    fillDisk: async () => {
      const { blocks, bfree, bsize } = await statfs(outside("/var/lib"));
      await resize((blocks - bfree) * bsize);
    },
    freeDisk: () => resize(disk ?? ""),
  };
}

/** One small file system for /var/lib and for what the engine keeps. */
async function mountDisk(exec: Machine["exec"], folder: string, size: string): Promise<void> {
  const images = join(folder, "docker/root");
  mkdirSync(images, { recursive: true });
  await exec(["mount", "-t", "tmpfs", "-o", `size=${size},mode=755`, "tmpfs", "/var/lib"]);
  await exec(["mkdir", "/var/lib/docker", "/var/lib/haproxy"]);
  await exec(["mount", "--bind", "/var/lib/docker", images]);
}
