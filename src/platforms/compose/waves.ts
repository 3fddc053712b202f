import { isAway, isLost } from "../../core/errors.ts";

/** Hosts in the order they are switched in: one, then up to a quarter of all, then the rest. */
export function waves<T>(hosts: readonly T[]): T[][] {
  const quarter = Math.max(1, Math.floor(hosts.length / 4));
  return [hosts.slice(0, 1), hosts.slice(1, 1 + quarter), hosts.slice(1 + quarter)].filter((wave) => wave.length > 0);
}

/**
 * The first failure that counts: a lost host does not as long as `quorum` of all are left (all, where nothing is said). Undefined
 * when there is none.
 */
export function failureOf(
  ends: readonly PromiseSettledResult<unknown>[],
  { hosts, quorum = hosts }: { hosts: number; quorum?: number | undefined },
): { reason: unknown } | undefined {
  const failed = ends.filter((end) => end.status === "rejected");
  const lost = failed.filter(({ reason }) => isLost(reason));
  return failed.find((end) => !lost.includes(end)) ?? (hosts - lost.length < quorum ? lost[0] : undefined);
}

/**
 * Switches hosts wave by wave. Where one fails, `back` is called for all that were or may have been switched, and the failure is
 * thrown: all have the new or none has it, apart from lost ones while `quorum` are left.
 */
export async function switchAll<T, R>(
  hosts: readonly T[],
  { forth, back, quorum }: { forth(host: T): Promise<R>; back(host: T): Promise<unknown>; quorum?: number | undefined },
): Promise<R[]> {
  const switched: T[] = [];
  const ends: PromiseSettledResult<R>[] = [];
  for (const wave of waves(hosts)) {
    ends.push(...(await Promise.allSettled(wave.map(forth))));
    switched.push(...wave);
    const failed = failureOf(ends, { hosts: hosts.length, quorum });
    if (failed) {
      await Promise.allSettled(switched.map(back));
      throw failed.reason;
    }
  }
  return ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
}

/**
 * Does the same on all hosts, also where one fails; then throws the first failure, see `failureOf`. For what must reach as many as
 * it can.
 */
export async function everywhere<T, R>(
  hosts: readonly T[],
  work: (host: T) => Promise<R>,
  quorum?: number,
): Promise<R[]> {
  const ends = await Promise.allSettled(hosts.map(work));
  const failed = failureOf(ends, { hosts: hosts.length, quorum });
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
