import { type Check, Verdict } from "../contract/check.ts";
import type { CheckList, CheckQuery, CheckSort } from "../contract/check-list.ts";

const WORST_FIRST: readonly Verdict[] = ["DOWN", "INTERMITTENT", "DEGRADED", "SUSPECT", "UNKNOWN", "UP"];
const FAILING: ReadonlySet<Verdict> = new Set(["DOWN", "INTERMITTENT", "DEGRADED", "SUSPECT"]);

const RANK: Record<Exclude<CheckSort, "id">, (check: Check) => number | null> = {
  verdict: ({ verdict }) => WORST_FIRST.indexOf(verdict),
  since: ({ since }) => (since === null ? null : -Date.parse(since)),
  uptime: ({ uptime24h }) => uptime24h,
  p95: ({ p95 }) => (p95 === null ? null : -p95),
};

/** The checks that a query asks for, and how many there are. Pure. */
export function selectChecks(checks: readonly Check[], query: CheckQuery): CheckList {
  const { verdict, failing, sort, reverse = false, offset = 0, limit } = query;
  const alike = checks.filter((check) => isAbout(check, query));
  const found = alike.filter(
    (check) => (verdict === undefined || check.verdict === verdict) && (!failing || FAILING.has(check.verdict)),
  );
  const sorted = sort === undefined ? found : found.sort(orderOf(sort, reverse));
  const counts = Map.groupBy(alike, (check) => check.verdict);
  return {
    checks: sorted.slice(offset, limit === undefined ? undefined : offset + limit),
    total: found.length,
    verdicts: Object.fromEntries(Verdict.options.map((name) => [name, counts.get(name)?.length ?? 0])) as Record<
      Verdict,
      number
    >,
  };
}

function isAbout({ id, target, service, type }: Check, query: CheckQuery): boolean {
  const text = query.text?.trim().toLowerCase() ?? "";
  return (
    (query.service === undefined || service === query.service) &&
    (query.type === undefined || type === query.type) &&
    (text === "" || id.toLowerCase().includes(text) || target.toLowerCase().includes(text))
  );
}

/** Checks without a figure come last either way; equal ones from A to Z. */
function orderOf(sort: CheckSort, reverse: boolean): (a: Check, b: Check) => number {
  const sign = reverse ? -1 : 1;
  const byId = (a: Check, b: Check) => (a.id < b.id ? -1 : Number(a.id > b.id));
  if (sort === "id") return (a, b) => sign * byId(a, b);
  const rank = RANK[sort];
  return (a, b) => {
    const [left, right] = [rank(a), rank(b)];
    if (left === right) return byId(a, b);
    if (left === null || right === null) return left === null ? 1 : -1;
    return sign * (left - right);
  };
}
