import { crc32 } from "node:zlib";

/** What the choice looks at; `credit` belongs to the smooth weighted order and is carried from choice to choice. */
export interface Choosable {
  role: "stable" | "candidate";
  weight: number;
  drain: boolean;
  inflight: number;
  /** Epoch ms; it refused a connection and is spared until then. */
  avoidUntil: number;
  credit: number;
}

export interface Share {
  share: number;
  until: number | null;
}

/** A client's place in 0 ≤ n < 100, with two decimals; the same client and salt always give the same one. */
export function bucketOf(clientKey: string, salt: string): number {
  return (crc32(`${clientKey}\n${salt}`) % 10_000) / 100;
}

/** The share in force at `now`: 0 once it has ended by itself. */
export function shareAt({ share, until }: Share, now: number): number {
  return until === null || until > now ? share : 0;
}

/**
 * The target for a request in `bucket`, or undefined when none may take it.
 * Candidates stand in for a stable side that cannot answer only while a share is granted: a candidate nobody has verified
 * must not get users because stable hiccuped. Targets that refused a moment ago come last. `apart` lost this request a moment
 * ago without refusing it: another one of its side is asked if there is one, since a process that dies may close its
 * connections before it closes the port.
 */
export function chooseTarget<T extends Choosable>(
  targets: readonly T[],
  grant: Share,
  bucket: number,
  now: number,
  apart?: T,
): T | undefined {
  const share = shareAt(grant, now);
  const open = targets.filter(
    (target) => !target.drain && target.weight > 0 && (target.role === "stable" || share > 0),
  );
  if (open.length === 1) return open[0];
  const wanted = bucket < share ? "candidate" : "stable";
  const willing = open.filter((target) => target.avoidUntil <= now);
  return (
    balance(willing.filter((target) => target.role === wanted && target !== apart)) ??
    balance(willing.filter((target) => target.role === wanted)) ??
    balance(willing) ??
    balance(open.filter((target) => target.role === wanted)) ??
    balance(open)
  );
}

/** Fewest in-flight per weight; among equals the smooth weighted round robin known from nginx. Updates `credit` of the equals. */
export function balance<T extends Choosable>(targets: readonly T[]): T | undefined {
  if (targets.length < 2) return targets[0];
  const load = Math.min(...targets.map(loadOf));
  const equals = targets.filter((target) => loadOf(target) === load);
  let best = equals[0];
  let total = 0;
  for (const target of equals) {
    total += target.weight;
    target.credit += target.weight;
    if (best && target.credit > best.credit) best = target;
  }
  if (best) best.credit -= total;
  return best;
}

function loadOf(target: Choosable): number {
  return target.inflight / target.weight;
}
