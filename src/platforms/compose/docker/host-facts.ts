import { z } from "zod";
import { ExternalError } from "../../../core/errors.ts";
import type { Docker } from "./client.ts";
import { QUICK_MS } from "./client.ts";
import { type ComposeKind, composeKind } from "./infrastructure.ts";

/** What the plan tells of a host. Sizes in bytes. */
export interface HostFacts {
  dockerVersion: string;
  compose: ComposeKind | undefined;
  /** Free where Docker keeps images and volumes. */
  dockerFree: number;
  /** Free where our folder is, or will be. */
  folderFree: number;
  memoryAvailable: number;
  /** Of the host's clock less ours, in milliseconds, give or take half the time the question took. */
  clockSkewMs: number;
  /** TCP ports that something listens on. */
  ports: ReadonlySet<number>;
}

const Info = z.object({ ServerVersion: z.string(), DockerRootDir: z.string() });

/** The docker version of a host; `SM-DOCKER-MISSING`, `SM-DOCKER-DENIED` or `SM-DOCKER-DOWN` when there is none to use. */
export async function dockerVersion(docker: Docker, signal?: AbortSignal): Promise<string> {
  return (await docker.call(["version", "--format", "{{.Server.Version}}"], { step: "ask docker", signal })).trim();
}

/** Looks at a host (Linux). `folder` is ours there; it need not exist yet. */
export async function hostFacts(docker: Docker, folder: string, signal?: AbortSignal): Promise<HostFacts> {
  const info = Info.parse(
    JSON.parse(await docker.call(["info", "--format", "{{json .}}"], { step: "ask docker", signal })),
  );
  const read = async (argv: string[]) => await output(docker, argv, signal);
  const before = Date.now();
  const clock = await read(["date", "+%s%N"]);
  const middle = (before + Date.now()) / 2;
  const [memory, tcp, tcp6] = [
    await read(["cat", "/proc/meminfo"]),
    await read(["cat", "/proc/net/tcp"]),
    await read(["cat", "/proc/net/tcp6"]).catch(() => ""),
  ];
  return {
    dockerVersion: info.ServerVersion,
    compose: await composeKind(docker, signal),
    dockerFree: await freeBytes(info.DockerRootDir, read),
    folderFree: await freeBytes(folder, read),
    memoryAvailable: Number(/^MemAvailable:\s+(\d+) kB/m.exec(memory)?.[1] ?? 0) * 1024,
    clockSkewMs: Math.round(epochMs(clock) - middle),
    ports: new Set([...listeningPorts(tcp), ...listeningPorts(tcp6)]),
  };
}

/** TCP ports in state LISTEN of /proc/net/tcp or tcp6 (proc_net_tcp(5): addresses in hexadecimal, state 0A). */
export function listeningPorts(table: string): number[] {
  return [...table.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ 0A /gm)].map(([, port = ""]) =>
    Number.parseInt(port, 16),
  );
}

/** Free bytes of the file system of a folder, or of the nearest one above it that exists. */
async function freeBytes(folder: string, read: (argv: string[]) => Promise<string>): Promise<number> {
  for (let path = folder; ; path = path.replace(/\/[^/]*\/?$/, "") || "/") {
    const text = await read(["df", "-Pk", "--", path]).catch((error) => {
      if (path === "/") throw error;
    });
    // The name of a device may have blanks; the figures stand before the last column but one.
    const free = text && /(\d+)\s+\d+%\s+\S.*$/m.exec(text)?.[1];
    if (free) return Number(free) * 1024;
  }
}

/** Seconds and nanoseconds; where `date` knows no nanoseconds, seconds and an `N`. */
function epochMs(text: string): number {
  const digits = /^\d+/.exec(text.trim())?.[0] ?? "0";
  return digits.length > 12 ? Number(digits) / 1e6 : Number(digits) * 1_000 + 500;
}

async function output({ host }: Docker, argv: string[], signal?: AbortSignal): Promise<string> {
  const { code, stdout, stderr } = await host.run(argv, { deadlineMs: QUICK_MS, signal });
  if (code === 0) return stdout;
  throw new ExternalError({
    code: "SM-HOST-FACTS",
    message: `${host.name}: ${argv.join(" ")}: ${stderr.trim() || `ended with code ${code}`}`,
    next: "hosts are Linux machines with /proc and the usual programs",
  });
}
