import { z } from "zod";
import { type Docker, jsonLines } from "./client.ts";

/** What a container uses: percent of one processor, bytes of memory. */
export interface Usage {
  cpuPercent: number;
  memoryBytes: number;
}

const Stats = z.object({ Name: z.string(), CPUPerc: z.string(), MemUsage: z.string() });
const UNITS: Record<string, number> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};
/** docker measures for about two seconds. */
const DEADLINE_MS = 30_000;

/** Those that run, by id; when one of them ends meanwhile, none. */
export async function usageOf(
  docker: Docker,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, Usage>> {
  if (ids.length === 0) return new Map();
  const { stdout } = await docker.ask(["stats", "--no-stream", "--format", "{{json .}}", ...ids], {
    step: "measure containers",
    deadlineMs: DEADLINE_MS,
    signal,
  });
  return new Map(
    jsonLines(stdout).map((line) => {
      const { Name, CPUPerc, MemUsage } = Stats.parse(line);
      return [Name, { cpuPercent: Number.parseFloat(CPUPerc) || 0, memoryBytes: bytes(MemUsage.split("/")[0] ?? "") }];
    }),
  );
}

/** `12.5MiB` as bytes; the JSON of docker stats has texts for people. */
function bytes(text: string): number {
  const [, amount = "0", unit = "B"] = /([\d.]+)\s*([a-zA-Z]+)/.exec(text) ?? [];
  return Math.round(Number(amount) * (UNITS[unit] ?? 0));
}
