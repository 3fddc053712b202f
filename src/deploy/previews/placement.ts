import type { PreviewRow } from "../../store/tables/hosts.ts";

/** Where a new preview goes. `evict` has to leave first; with a `reason` there is no room. */
export interface Place {
  host: string;
  evict?: string;
  reason?: string;
}

/** What hosts take. */
export interface Room {
  hosts: readonly string[];
  /** Previews at a time on a host. */
  most: number;
}

/** Gives out the places that are left: the emptiest host, then that of the one that has been asleep and unused for longest. */
export function createPlacer(
  standing: readonly Pick<PreviewRow, "env" | "host" | "state" | "usedAt">[],
  { hosts, most }: Room,
): { take(): Place } {
  const taken = new Map(hosts.map((host) => [host, standing.filter((item) => item.host === host).length]));
  const asleep = standing
    .filter(({ state, host }) => state === "asleep" && taken.has(host))
    .sort((a, b) => a.usedAt.getTime() - b.usedAt.getTime() || (a.env < b.env ? -1 : 1));

  return {
    take: () => {
      const [emptiest = ["", most]] = [...taken].sort(([, a], [, b]) => a - b);
      const [host, count] = emptiest;
      if (count < most) {
        taken.set(host, count + 1);
        return { host };
      }
      // A host above the limit, which was lowered, stays full when one leaves.
      const index = asleep.findIndex((item) => (taken.get(item.host) ?? 0) <= most);
      const [leaves] = index < 0 ? [] : asleep.splice(index, 1);
      if (leaves) return { host: leaves.host, evict: leaves.env };
      return { host, reason: `${host} has ${count} previews (most: ${most}) and none of them is asleep` };
    },
  };
}
