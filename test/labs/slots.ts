import { readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { kill, killAll } from "../lab/processes.ts";
import { until } from "../lab/until.ts";
import { attempt, must } from "./run.ts";

/** `smd`: an engine on this machine; `smh`: the network of a set of hosts. */
export type Kind = "smd" | "smh";

/** A bridge that belongs to one lab; its number chooses the lab's addresses, its alias names owner and folder. */
export interface Slot {
  name: string;
  number: number;
}

const SLOTS = 32;
const CGROUPS = "/sys/fs/cgroup";
const GONE_MS = 10_000;

/** Takes a bridge nobody uses, with an address of its own, after removing what labs of dead processes left behind. */
export async function takeSlot(kind: Kind, folder: string, address: (number: number) => string): Promise<Slot> {
  await sweepDead();
  const routes = await must(["ip", "-4", "route"]);
  const first = Math.floor(Math.random() * SLOTS);
  for (let i = 0; i < SLOTS; i++) {
    const number = (first + i) % SLOTS;
    const name = `${kind}${number}`;
    const [net = ""] = address(number).match(/^\d+\.\d+\.(?=\d+\.)/) ?? [];
    if (kind === "smd" && routes.includes(` ${net}`)) continue;
    if ((await attempt(["ip", "link", "add", name, "type", "bridge"])) === undefined) continue;
    await must(["ip", "link", "set", name, "alias", `${process.pid} ${folder}`]);
    await must(["ip", "addr", "add", address(number), "dev", name]);
    await must(["ip", "link", "set", name, "up"]);
    return { name, number };
  }
  throw new Error(`all ${SLOTS} networks of ${kind} are in use`);
}

/** Ends the processes of a lab and removes its control groups, the bridges of its engine, its folder and its own bridge. */
export async function freeSlot(name: string, folder: string): Promise<void> {
  const groups = controlGroups(name);
  await until(
    `the end of ${name}`,
    () => {
      killAll(folder);
      const left = groups.flatMap(members);
      for (const pid of left) kill(pid, "SIGKILL");
      return left.length === 0;
    },
    GONE_MS,
  );
  for (const group of groups) removeGroup(group);
  for (const bridge of engineBridges(folder)) await attempt(["ip", "link", "del", bridge]);
  rmSync(folder, { recursive: true, force: true });
  await attempt(["ip", "link", "del", name]);
}

async function sweepDead(): Promise<void> {
  const links: { ifname: string; ifalias?: string }[] = JSON.parse(await must(["ip", "-j", "link", "show"]));
  for (const { ifname, ifalias = "" } of links) {
    const [, owner, folder] = /^(\d+) (\/.+)$/.exec(ifalias) ?? [];
    if (!/^sm[dh]\d+$/.test(ifname) || !owner || !folder || process.pid === Number(owner)) continue;
    if (!alive(Number(owner))) await freeSlot(ifname, folder);
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Folders of a lab's control groups: one for each controller, or one where there is a single hierarchy. */
function controlGroups(name: string): string[] {
  const roots = [CGROUPS, ...folders(CGROUPS)];
  return roots.flatMap((root) => folders(root).filter((path) => path.startsWith(join(root, `${name}-`))));
}

function members(group: string): number[] {
  const own = read(join(group, "cgroup.procs")).split("\n").filter(Boolean).map(Number);
  return [...own, ...folders(group).flatMap(members)];
}

function removeGroup(group: string): void {
  for (const below of folders(group)) removeGroup(below);
  try {
    rmdirSync(group);
  } catch {
    // Another sweep was faster.
  }
}

/** The bridges of user networks, which outlive an engine that was killed; its own database of networks names them. */
function engineBridges(folder: string): string[] {
  const networks = read(join(folder, "root/network/files/local-kv.db"), "latin1").matchAll(
    /\/network\/([0-9a-f]{12})/g,
  );
  return [...new Set([...networks].map(([, id]) => `br-${id}`))];
}

function folders(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
  } catch {
    return [];
  }
}

function read(path: string, encoding: BufferEncoding = "utf8"): string {
  try {
    return readFileSync(path, encoding);
  } catch {
    return "";
  }
}
