import { readdirSync, readFileSync } from "node:fs";

export interface Memory {
  processes: number;
  /** MiB; null where the system does not tell. */
  rss: number | null;
  pss: number | null;
}

/** Memory (Linux) of processes together. */
export function memoryOf(pids: readonly number[]): Memory {
  const sum = (file: string, key: RegExp) => {
    const found = pids.map((one) => Number(key.exec(read(one, file))?.[1]));
    return found.some(Number.isNaN) ? null : Math.round(found.reduce((total, kib) => total + kib, 0) / 1_024);
  };
  return {
    processes: pids.length,
    rss: sum("status", /^VmRSS:\s+(\d+) kB/m),
    pss: sum("smaps_rollup", /^Pss:\s+(\d+) kB/m),
  };
}

/** A process and all that descend from it. */
export function tree(root: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: Number(/^PPid:\s+(\d+)/m.exec(read(name, "status"))?.[1]) }));
  const below = (pid: number): number[] => [
    pid,
    ...parents.filter(({ parent }) => parent === pid).flatMap((one) => below(one.pid)),
  ];
  return below(root);
}

function read(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
