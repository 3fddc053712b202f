import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { monitorOf, openKuma, setUp } from "./kuma-server.ts";
import type { Told } from "./receiver.ts";
import type { Watcher, WatcherOptions } from "./watcher.ts";

/** What its form proposes for a new monitor. */
const DEFAULTS = { interval: 60, retryInterval: 60, maxretries: 1, resendInterval: 0, timeout: 48 };
/** It asks no more often. */
export const SHORTEST_S = 20;
const DOWN = 0;
const POLL_MS = 5_000;

const Beat = z.object({ monitorID: z.int(), status: z.int() });
const Sent = z.object({ heartbeat: Beat, monitor: z.object({ name: z.string() }) });

/** How a monitor is set that asks every `interval` seconds. */
export function rhythmOf(interval: number) {
  return { ...DEFAULTS, interval, retryInterval: interval, timeout: Math.min(10, interval / 2) };
}

/** Uptime Kuma with a store of its own, told what to watch as its dashboard would tell it. */
export async function startKuma({ targets, equal, hook }: WatcherOptions): Promise<Watcher> {
  const data = mkdtempSync(join(tmpdir(), "sm-kuma-"));
  const server = await openKuma(data);
  const names = new Map<number, string>();
  const down = new Set<number>();
  const stop = async () => {
    await server.stop();
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  };
  const rhythm = equal ? rhythmOf(Math.max(SHORTEST_S, equal.everyMs / 1_000)) : DEFAULTS;
  try {
    server.onBeat((beat) => {
      const { monitorID, status } = Beat.parse(beat);
      if (status === DOWN) down.add(monitorID);
      else down.delete(monitorID);
    });
    await setUp(server);
    const webhook = { type: "webhook", name: "hook", webhookURL: hook(read), webhookContentType: "json" };
    const { id = 0 } = await server.tell("addNotification", webhook, null);
    for (const [name, target] of targets) {
      const { monitorID = 0 } = await server.tell("add", monitorOf(name, target, rhythm, id));
      names.set(monitorID, name);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    settings: `version ${server.version}, every ${rhythm.interval} s${equal ? ` (${SHORTEST_S} s is its shortest)` : ""}, ${rhythm.maxretries} retry after ${rhythm.retryInterval} s, gives up after ${rhythm.timeout} s`,
    coveredMs: rhythm.interval * 1_000 + POLL_MS,
    down: async () => [...down].flatMap((monitor) => names.get(monitor) ?? []),
    stop,
  };
}

function read(body: unknown): Told {
  const { heartbeat, monitor } = Sent.parse(body);
  const isDown = heartbeat.status === DOWN;
  return { names: [monitor.name], begins: isDown, page: isDown };
}
