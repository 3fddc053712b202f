import { z } from "zod";
import { Message } from "../../src/notify/message.ts";
import { isCall, isPage } from "../../src/notify/routing.ts";
import { openLab } from "../../test/lab/lab.ts";
import { closeLab, startDaemon } from "../daemon.ts";
import type { Told } from "./receiver.ts";
import type { Watcher, WatcherOptions } from "./watcher.ts";

const DEFAULT_EVERY_MS = 60_000;
const POLL_MS = 5_000;
const PREFIX = "local/check/";
const Checks = z.object({ checks: z.array(z.object({ id: z.string(), verdict: z.string() })) });

/** The daemon as users start it, with the database that it brings along. */
export async function startStationmaster({ targets, equal, hook }: WatcherOptions): Promise<Watcher> {
  const options = equal
    ? { every: `${equal.everyMs}ms`, critical: true, expect: { latency: `${equal.latencyMs}ms` } }
    : {};
  const lab = await openLab({
    store: "embedded",
    manifest: {
      checks: Object.fromEntries([...targets].map(([name, url]) => [name, { url, ...options }])),
      notify: { hook: { kind: "webhook", url: hook(read) } },
      ...(equal ? { escalate: { SEV3: { levels: [{ to: ["hook"] }] } } } : {}),
    },
  });
  const daemon = await startDaemon(lab).catch(async (error: unknown) => {
    await closeLab(lab);
    throw error;
  });
  return {
    settings: equal
      ? `each check every ${equal.everyMs / 1_000} s, critical, answers within ${equal.latencyMs} ms; SEV3 is told too, after 5 min, and is no page`
      : "each check every minute, not critical; SEV3 is told to nobody",
    coveredMs: (equal?.everyMs ?? DEFAULT_EVERY_MS) + POLL_MS,
    down: async () => {
      const answer = await fetch(`${daemon.url}/api/checks`, { signal: AbortSignal.timeout(POLL_MS) });
      const { checks } = Checks.parse(await answer.json());
      return checks.flatMap(({ id, verdict }) =>
        verdict === "DOWN" && id.startsWith(PREFIX) ? [id.slice(PREFIX.length)] : [],
      );
    },
    stop: () => closeLab(lab),
  };
}

function read(body: unknown): Told {
  const message = Message.parse(body);
  const { kind, incident } = message;
  const ids = incident.failedChecks.filter((id) => id.startsWith(PREFIX));
  return {
    names: ids.map((id) => id.slice(PREFIX.length)),
    begins: isCall(kind) && (kind === "opened" || kind === "reopened"),
    page: isPage(message),
  };
}
