import type { HostCell, HostRow, HostSteps } from "./host-steps.ts";

/** How far a host is: the last column it got to. */
export interface Standing extends HostCell {
  host: string;
  /** Of the column; empty before the first. */
  label: string;
}

/** Where each host stands, in the order of the plan. */
export function standings({ columns, rows }: HostSteps): Standing[] {
  return rows.map((row) => ({ host: row.host, ...last(row, columns) }));
}

function last({ cells }: HostRow, columns: readonly string[]): HostCell & { label: string } {
  const index = cells.findLastIndex(({ status }) => status !== "waiting" && status !== "none");
  const cell = cells[index];
  return cell ? { ...cell, label: columns[index] ?? "" } : { status: "waiting", label: "" };
}

/** More than this many hosts are told of in a sentence, with names only for those that differ from most. */
export const FEW_HOSTS = 6;
const NAMES = 4;

/** `17 of 20 hosts: at 25 %; web07: not started; web12, web13: verified`. */
export function hostsInWords(steps: HostSteps): string {
  const groups = [...Map.groupBy(standings(steps), inWords)].sort(([, a], [, b]) => b.length - a.length);
  const total = steps.rows.length;
  return groups
    .map(([words, members], index) => {
      if (index === 0) return `${members.length === total ? "all" : `${members.length} of`} ${total} hosts: ${words}`;
      return `${names(members.map(({ host }) => host))}: ${words}`;
    })
    .join("; ");
}

/** `being started`, `started`, `not started`, `at 25 %`, `failed at 25 %`, `waiting`. */
export function inWords({ label, status }: Pick<Standing, "label" | "status">): string {
  if (label === "") return status;
  const isShare = label.endsWith("%");
  if (status === "running") return isShare ? `at ${label}` : `being ${label}`;
  if (status === "failed") return isShare ? `failed at ${label}` : `not ${label}`;
  return isShare ? `past ${label}` : label;
}

/** `web1, web2`; of many the first, and how many more. */
export function names(hosts: readonly string[]): string {
  const more = hosts.length - NAMES;
  return more > 0 ? `${hosts.slice(0, NAMES).join(", ")} and ${more} more` : hosts.join(", ");
}
