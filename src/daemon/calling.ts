import type { Calling } from "../contract/notification.ts";
import { Severity } from "../contract/severity.ts";
import { channelFigures } from "../notify/read.ts";
import { levelsOf } from "../notify/routing.ts";
import { channelConfigs } from "./channels.ts";
import type { Engine } from "./engine.ts";

const NONE = { delivered: 0, dead: 0, skipped: 0, waiting: 0 };

/** How each channel of the manifest does, and who is called when. Rejects when the store fails. */
export async function readCalling(engine: Engine): Promise<Calling> {
  const { manifest, store, clock } = engine;
  const configs = channelConfigs(engine);
  const names = Object.keys(configs);
  const figures = await channelFigures(store.db, { app: manifest.project, now: clock.now() });
  const iso = (at: number | null | undefined) => (at ? new Date(at).toISOString() : null);
  return {
    channels: Object.entries(configs).map(([name, { kind }]) => {
      const known = figures.find(({ channel }) => channel === name);
      const { delivered, dead, skipped, waiting } = known ?? NONE;
      return {
        ...{ name, kind, delivered, dead, skipped, waiting },
        lastSuccessAt: iso(known?.lastSuccessAt),
        lastError: known?.lastError ?? null,
        lastTest: known?.lastTest ? { ...known.lastTest, at: new Date(known.lastTest.at).toISOString() } : null,
        oldestWaitingAt: iso(known?.oldestPendingAt),
      };
    }),
    escalation: Severity.options.map((severity) => ({
      severity,
      levels: levelsOf(severity, manifest.escalate, names).map(({ to, after }) => ({ to: [...to], afterMs: after })),
      hours: manifest.escalate[severity]?.hours ?? null,
    })),
  };
}
