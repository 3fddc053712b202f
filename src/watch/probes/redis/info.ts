import { assertionFailure } from "../classify.ts";
import type { Failure } from "../probe.ts";

type Info = ReadonlyMap<string, string>;
type Role = "primary" | "replica";

/** The `field:value` lines of INFO. */
export function readInfo(text: string): Info {
  const lines = text.split(/\r?\n/).map((line) => /^([a-z_0-9]+):(.*)$/.exec(line));
  return new Map(lines.flatMap((match) => (match ? [[match[1] ?? "", match[2] ?? ""] as const] : [])));
}

/** What INFO says against the limits; the first that is passed gives the class. Without `maxmemory` the machine's memory is the limit. */
export function judgeInfo(
  info: Info,
  limits: { role?: Role | undefined; max_memory?: number | undefined },
): { failure: Failure | null; facts: Record<string, number> } {
  const number = (field: string) => Number(info.get(field) ?? 0);
  const memoryUsed = number("used_memory");
  const memoryMost = number("maxmemory") || number("total_system_memory");
  const failures = [
    ...judgeRole(info.get("role") === "master" ? "primary" : "replica", limits.role),
    ...judgeMemory(memoryUsed, memoryMost, limits.max_memory),
  ];
  const [first] = failures;
  return {
    failure: first ? { ...first, detail: failures.map(({ detail }) => detail).join("; ") } : null,
    facts: { memoryUsed, memoryMost, clients: number("connected_clients") },
  };
}

function judgeRole(role: Role, wanted: Role | undefined): Failure[] {
  if (wanted === undefined || wanted === role) return [];
  return [assertionFailure(`the server is a ${role}, expected a ${wanted}`)];
}

function judgeMemory(used: number, most: number, percent: number | undefined): Failure[] {
  if (percent === undefined || used * 100 < percent * most) return [];
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const detail = `${mb(used)} of ${mb(most)} memory are used, the limit is ${percent} %`;
  return [{ outcome: "slow", class: "full", family: "capacity", detail }];
}
