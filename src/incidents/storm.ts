/** Incidents that open within this time of each other may be one storm. */
export const STORM_MS = 60_000;
const STORM_SERVICES = 3;

/** An incident that has just opened, as far as grouping needs it. */
export interface Opening {
  id: string;
  /** The service, or what else it is about. */
  subject: string;
  /** The names under which others may need it. */
  names: readonly string[];
  /** What it needs, the nearest first. */
  needs: readonly string[];
  /** Shared traits that may explain several: `host h2`, `class refused`. */
  traits: readonly string[];
  openedAt: number;
  /** The incident it is folded into already. */
  head: string | null;
}

/** Incidents that are told of as one. */
export interface Storm {
  /** The incident that stands for all. */
  head: string;
  fold: readonly string[];
  /** `db fails`, or what they have in common. */
  cause: string;
}

/**
 * Whether an incident that opens belongs with others that opened within 60 s: under the one among them that it needs (the nearest),
 * above those that need it, or with those of at least 3 services that share a host or a class of failure, under the oldest of them.
 */
export function stormOf(opening: Opening, others: readonly Opening[]): Storm | null {
  const recent = others.filter(({ openedAt }) => opening.openedAt - openedAt <= STORM_MS);
  for (const need of opening.needs) {
    const parent = recent.find(({ names }) => names.includes(need));
    if (parent) return { head: rootOf(parent, recent), fold: [opening.id], cause: `${need} fails` };
  }
  const children = recent.filter(
    ({ head, needs }) => head === null && needs.some((need) => opening.names.includes(need)),
  );
  if (children.length > 0)
    return { head: opening.id, fold: children.map(({ id }) => id), cause: `${opening.names[0]} fails` };
  for (const trait of opening.traits) {
    const alike = [...recent.filter(({ traits }) => traits.includes(trait)), opening];
    if (new Set(alike.map(({ subject }) => subject)).size < STORM_SERVICES) continue;
    const [oldest = opening] = alike.toSorted((a, b) => a.openedAt - b.openedAt || a.id.localeCompare(b.id));
    const head = rootOf(oldest, recent);
    return {
      head,
      fold: alike.filter((one) => one.id !== head && one.head === null).map(({ id }) => id),
      cause: trait,
    };
  }
  return null;
}

/** The incident that stands for one that is folded already. */
function rootOf(opening: Opening, all: readonly Opening[]): string {
  const seen = new Set<string>();
  let at = opening;
  while (at.head !== null && !seen.has(at.id)) {
    seen.add(at.id);
    const { head } = at;
    const next = all.find(({ id }) => id === head);
    if (!next) return head;
    at = next;
  }
  return at.id;
}
