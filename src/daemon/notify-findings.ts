import { secretNames } from "../config/secrets.ts";
import type { DoctorReport } from "../contract/status.ts";
import { formatDuration } from "../core/duration.ts";
import { type ChannelFigures, channelFigures } from "../notify/read.ts";
import { channelConfigs } from "./channels.ts";
import type { Engine } from "./engine.ts";
import type { Project } from "./project.ts";
import { strings } from "./watching.ts";

type Finding = DoctorReport["checks"][number];

/** What the night shift needs apart from what services need. */
const PARTS = ["notify", "checks", "remedies", "watch"] as const;
const LATE_MS = 60_000;

/** Secrets that checks, remedies and channels name and nobody has set, as `NAME (notify.page)`. */
export function missingSecrets({ manifest, secrets }: Pick<Project, "manifest" | "secrets">): string[] {
  return PARTS.flatMap((part) =>
    Object.entries(manifest[part]).flatMap(([name, value]) =>
      [...new Set(strings(value).flatMap(secretNames))]
        .filter((secret) => secrets.find(secret) === undefined)
        .map((secret) => `${secret} (${part}.${name})`),
    ),
  );
}

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
    const missing = missingSecrets(engine.read());
    if (missing.length === 0) return channels;
    const next = "set the variables, or add them to .env; without them the daemon does not start";
    return [...channels, { name: "watch secrets", state: "failed", detail: `not set: ${missing.join(", ")}`, next }];
  } catch {
    // The findings of store and manifest say why.
    return [];
  }
}

function channelFinding(name: string, kind: string, figures: ChannelFigures | undefined, now: number): Finding {
  const { lastSuccessAt, lastError, oldestPendingAt, dead } = figures ?? {
    lastSuccessAt: null,
    lastError: null,
    oldestPendingAt: null,
    dead: 0,
  };
  const waits = oldestPendingAt === null ? 0 : now - oldestPendingAt;
  const parts = [
    lastSuccessAt === null
      ? `${kind}, nothing delivered yet`
      : `${kind}, last delivered ${formatDuration(now - lastSuccessAt)} ago`,
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
