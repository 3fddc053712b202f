import colors from "picocolors";
import type { QueuedDeploy } from "../contract/hold.ts";
import type { UnderWay } from "../contract/rollout.ts";
import type { Status } from "../contract/status.ts";
import { formatDuration } from "../core/duration.ts";
import { ago, localTime } from "./output.ts";

/** What keeps an environment as it is, and what it may have left elsewhere: a line each. */
export function holdLines({
  lock,
  freezes = [],
  queued,
  hostsBehind = [],
}: Pick<Status, "lock" | "freezes" | "queued" | "hostsBehind">): string[] {
  return [
    ...(lock ? [colors.yellow(`locked by ${lock.holder} ${ago(lock.since)}: ${lock.reason}`)] : []),
    ...freezes.map(({ id, who, until, reason }) =>
      colors.yellow(
        `frozen by ${who} ${until ? `until ${localTime(until)}` : "until it is lifted"}: ${reason} (${id})`,
      ),
    ),
    ...(queued ? [queuedLine(queued)] : []),
    ...hostsBehind.map(({ host, units, since, writtenOff }) =>
      colors.yellow(
        `${host} was taken out ${ago(since)} and ${writtenOff ? "never answered again" : "has not answered yet"}: ${units.join(", ")} may be left there`,
      ),
    ),
  ];
}

/** `now`: epoch ms. */
export function queuedLine(
  { release, environment, actor, opensAt, waitsFor }: QueuedDeploy,
  now: number = Date.now(),
): string {
  const open = opensAt === null ? "when somebody lifts the freeze" : `at ${localTime(opensAt)}`;
  const when = waitsFor ? `after the rollout ${underWayText(waitsFor, now)}` : open;
  return `${release} is queued by ${actor}: it goes to ${environment} ${when}; stationmaster abort --queued takes it back`;
}

/** A rollout that others meet: `ro-1 (r2, BAKING, 4 min left)`; `now`: epoch ms. */
export function underWayText({ rollout, release, state, until }: UnderWay, now: number = Date.now()): string {
  const seconds = until === null ? 0 : Math.ceil((Date.parse(until) - now) / 1_000);
  const shown = seconds > 60 ? Math.ceil(seconds / 60) * 60 : seconds;
  const left = seconds > 0 ? [`${formatDuration(shown * 1_000)} left`] : [];
  return `${rollout} (${[release, state, ...left].join(", ")})`;
}
