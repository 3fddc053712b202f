import type { DoctorReport } from "../contract/status.ts";
import { formatDuration } from "../core/duration.ts";
import { type ChannelFigures, channelFigures } from "../notify/read.ts";
import { channelConfigs } from "./channels.ts";
import type { Engine } from "./engine.ts";
import { missingSecrets, NIGHT_SHIFT } from "./require.ts";

type Finding = DoctorReport["checks"][number];

const LATE_MS = 60_000;

/** Each channel with its last success and failure, and the secrets that are missing. */
export async function notifyFindings(engine: Engine): Promise<Finding[]> {
  try {
    const now = engine.clock.now();
    const figures = await channelFigures(engine.store.db, { app: engine.manifest.project, now });
    const channels = Object.entries(channelConfigs(engine)).map(([name, { kind }]) =>
      channelFinding(
        name,
        kind,
        figures.find(({ channel }) => channel === name),
        now,
      ),
    );
    const missing = missingSecrets(engine.read(), NIGHT_SHIFT);
    if (missing.length === 0) return channels;
    const next = "set the variables, or add them to .env; without them the daemon does not start";
    return [...channels, { name: "watch secrets", state: "failed", detail: `not set: ${missing.join(", ")}`, next }];
  } catch {
    // The findings of store and manifest say why.
    return [];
  }
}

function channelFinding(name: string, kind: string, figures: ChannelFigures | undefined, now: number): Finding {
  const { lastSuccessAt = null, lastError = null, lastTest = null, oldestPendingAt = null, dead = 0 } = figures ?? {};
  const waits = oldestPendingAt === null ? 0 : now - oldestPendingAt;
  const ago = (at: number) => `${formatDuration(now - at)} ago`;
  const parts = [
    lastSuccessAt === null ? `${kind}, nothing delivered yet` : `${kind}, last delivered ${ago(lastSuccessAt)}`,
    ...(lastTest === null ? [] : [`test ${lastTest.accepted ? "accepted" : "refused"} ${ago(lastTest.at)}`]),
    ...(dead > 0 ? [`${dead} given up`] : []),
    ...(waits > LATE_MS ? [`the oldest waits for ${formatDuration(waits)}`] : []),
    ...(lastError === null ? [] : [`last failure: ${lastError}`]),
  ];
  const isWell = lastError === null && waits <= LATE_MS;
  return {
    name: `channel ${name}`,
    state: isWell ? "ok" : "warning",
    detail: parts.join("; "),
    next: isWell ? null : `stationmaster notify test ${name}`,
  };
}
