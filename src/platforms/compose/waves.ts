import { isAway } from "../../core/errors.ts";

/** Hosts in the order they are switched in: one, then up to a quarter of all, then the rest. */
export function waves<T>(hosts: readonly T[]): T[][] {
  const quarter = Math.max(1, Math.floor(hosts.length / 4));
  return [hosts.slice(0, 1), hosts.slice(1, 1 + quarter), hosts.slice(1 + quarter)].filter((wave) => wave.length > 0);
}

/**
 * Switches hosts wave by wave. Where one fails, `back` is called for all that were or may have been switched, and the failure is
 * thrown: all have the new or none has it.
 */
export async function switchAll<T, R>(
  hosts: readonly T[],
  { forth, back }: { forth(host: T): Promise<R>; back(host: T): Promise<unknown> },
): Promise<R[]> {
  const switched: T[] = [];
  const results: R[] = [];
  for (const wave of waves(hosts)) {
    const ends = await Promise.allSettled(wave.map(forth));
    switched.push(...wave);
    const failed = ends.find((end) => end.status === "rejected");
    if (failed) {
      await Promise.allSettled(switched.map(back));
      throw failed.reason;
    }
    results.push(...ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : [])));
  }
  return results;
}

/** Does the same on all hosts, also where one fails; then throws the first failure. For what must reach as many as it can. */
export async function everywhere<T, R>(hosts: readonly T[], work: (host: T) => Promise<R>): Promise<R[]> {
  const ends = await Promise.allSettled(hosts.map(work));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
  return ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
}

/**
 * The same on the hosts that answer, where that is enough: what is not done on a host is refused there later by its gate. Throws
 * where none answers, and for every other failure.
 */
export async function reachable<T, R>(hosts: readonly T[], work: (host: T) => Promise<R>): Promise<R[]> {
  const ends = await Promise.allSettled(hosts.map(work));
  const done = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  const serious = failures.find((reason) => !isAway(reason)) ?? (done.length === 0 ? failures[0] : undefined);
  if (serious) throw serious;
  return done;
}
