import { type Check, hostOf, type Verdict } from "../contract/check.ts";
import { subjectOf } from "../watch/check-id.ts";

type Seen = Pick<Check, "id" | "verdict">;

/** Services, stores and infrastructure whose own check has such a verdict in every place: elsewhere it serves. */
export function namesWith(checks: readonly Seen[], environment: string, wanted: readonly Verdict[]): string[] {
  const names = new Set(checks.flatMap(({ id }) => subjectOf(id, environment) ?? []));
  return [...names].filter((name) => {
    const own = checks.filter(({ id }) => subjectOf(id, environment) === name);
    const failing = placesOf(own, wanted);
    return failing.size > 0 && own.every(({ id }) => failing.has(hostOf(id)));
  });
}

/**
 * Which of its needs may be why a service fails: those that fail where it does. What runs on another host is not what its
 * containers use.
 */
export function failingNeeds(
  checks: readonly (Seen & Pick<Check, "service">)[],
  { environment, service, needs }: { environment: string; service: string; needs: readonly string[] },
  wanted: readonly Verdict[],
): string[] {
  const mine = placesOf(
    checks.filter((check) => check.service === service),
    wanted,
  );
  return needs.filter((need) => {
    const theirs = placesOf(
      checks.filter(({ id }) => subjectOf(id, environment) === need),
      wanted,
    );
    if (theirs.size === 0) return false;
    return mine.size === 0 || [...theirs].some((host) => host === null || mine.has(host) || mine.has(null));
  });
}

function placesOf(checks: readonly Seen[], wanted: readonly Verdict[]): Set<string | null> {
  return new Set(checks.filter(({ verdict }) => wanted.includes(verdict)).map(({ id }) => hostOf(id)));
}
