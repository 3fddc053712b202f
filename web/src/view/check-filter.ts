import { CheckQuery, type CheckSort, searchOf } from "../../../src/contract/check-list.ts";

/** Which checks are listed, and in which order. */
export type CheckFilter = Omit<CheckQuery, "offset" | "limit">;

/** Reads the query of an address; what it does not know is left out. */
export function checkFilter(query: string): CheckFilter {
  const {
    offset: _,
    limit: __,
    ...filter
  } = CheckQuery.safeParse(Object.fromEntries(new URLSearchParams(query))).data ?? {};
  return filter;
}

export function checksPath(filter: CheckFilter): string {
  const query = searchOf(filter);
  return query ? `/checks?${query}` : "/checks";
}

/** What a list of checks is ordered by, in words. */
export const SORT_LABEL: Record<CheckSort, string> = {
  verdict: "verdict",
  id: "name",
  since: "last change",
  uptime: "uptime",
  p95: "p95",
};

/** The filter after a column was chosen: ordered by it, the other way round where it is already. */
export function sortedBy(filter: CheckFilter, sort: CheckSort): CheckFilter {
  const again = (filter.sort ?? "verdict") === sort;
  return { ...filter, sort, reverse: again && !filter.reverse ? true : undefined };
}

const FALLING: ReadonlySet<CheckSort> = new Set(["verdict", "since", "p95"]);

/** Which way the list goes: the worst, newest and slowest come first of themselves, names and uptimes rise. */
export function directionOf({ sort = "verdict", reverse = false }: CheckFilter): "ascending" | "descending" {
  return FALLING.has(sort) === reverse ? "ascending" : "descending";
}
