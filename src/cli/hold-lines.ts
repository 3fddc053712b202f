import colors from "picocolors";
import type { QueuedDeploy } from "../contract/hold.ts";
import type { Status } from "../contract/status.ts";
import { ago, localTime } from "./output.ts";

/** What keeps an environment as it is: a line each. */
export function holdLines({ lock, freezes = [], queued }: Pick<Status, "lock" | "freezes" | "queued">): string[] {
  return [
    ...(lock ? [colors.yellow(`locked by ${lock.holder} ${ago(lock.since)}: ${lock.reason}`)] : []),
    ...freezes.map(({ id, who, until, reason }) =>
      colors.yellow(
        `frozen by ${who} ${until ? `until ${localTime(until)}` : "until it is lifted"}: ${reason} (${id})`,
      ),
    ),
    ...(queued ? [queuedLine(queued)] : []),
  ];
}

export function queuedLine({ release, environment, actor, opensAt }: QueuedDeploy): string {
  const when = opensAt ? `at ${localTime(opensAt)}` : "when somebody lifts the freeze";
  return `${release} is queued by ${actor}: it goes to ${environment} ${when}; stationmaster abort --queued takes it back`;
}
