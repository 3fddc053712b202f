import { setFlagsFromString } from "node:v8";
import { oneLine, UserError } from "../../core/errors.ts";
import type { Daemon } from "../../daemon/daemon.ts";
import { dataFolders } from "../../daemon/data.ts";
import { HEAP_GROWTH } from "../../daemon/heap-flags.ts";
import { findPlace, type Place } from "../../daemon/place.ts";
import type { UseCases } from "../../daemon/usecases.ts";
import { orderedBy } from "../ordered-by.ts";
import { note, print, printJson, state } from "../output.ts";
import { failureLines, followRollout, rolloutError } from "../progress.ts";
import { rolloutLine } from "../rollout-line.ts";
import { aborted, listenForStop } from "../stop-signals.ts";
import type { UpOptions } from "../up-options.ts";

const DEFAULT_PORT = 4700;

export async function run(options: UpOptions): Promise<void> {
  const port = parsePort(options.port ?? process.env.STATIONMASTER_PORT);
  if (options.detach) {
    const { detach } = await import("../detach.ts");
    return await detach({ ...options, port });
  }
  setFlagsFromString(HEAP_GROWTH);
  const asked = listenForStop("the services");
  const [{ startDaemon }, { checkAddress, startServer }, { webRoot, dashboardMissing }] = await Promise.all([
    import("../../daemon/daemon.ts"),
    import("../../server/index.ts"),
    import("../web-root.ts"),
  ]);
  const place = findPlace(options);
  const token = options.token ?? process.env.STATIONMASTER_TOKEN;
  const address = { host: options.host, port, token };
  const shown: Promise<void>[] = [];
  try {
    const daemon = await startDaemon(place, {
      environment: options.env,
      token,
      print: note,
      warn: (line) => note(`warning ${line}`),
      canServe: () => checkAddress(address),
      serve: (usecases, extraMetrics) => startServer({ usecases, extraMetrics, ...address, webRoot, version: "0.1.0" }),
      onRollout: ({ id }) =>
        void shown.push(showRollout(daemon.usecases, id, { quiet: options.json ?? false, stop: asked.stop })),
      onLaterRollout: (row) => note(rolloutLine(row)),
      orderedBy: orderedBy(),
      signal: asked.stop,
      hurry: asked.hurry,
    });
    note(`dashboard ${daemon.url}`);
    const missing = dashboardMissing();
    if (missing) note(missing);
    if (process.env.PORT && !options.port && !process.env.STATIONMASTER_PORT)
      note("PORT is not read: --port or STATIONMASTER_PORT is the port of the dashboard");
    await runUntilStopped(daemon, options, { place, stop: asked.stop, shown });
  } catch (error) {
    // Stopped on purpose in the middle of the start: that is no failure.
    if (error !== asked.stop.reason) throw error;
  }
  // What nobody waited for must not keep the process.
  if (asked.hurry.aborted) process.exit(0);
}

async function runUntilStopped(
  daemon: Daemon,
  options: UpOptions,
  { place, stop, shown }: { place: Place; stop: AbortSignal; shown: readonly Promise<void>[] },
): Promise<void> {
  const stopped = aborted(stop).then(() => daemon.stop());
  // It is awaited at the end; until then its failure is nobody's.
  stopped.catch(() => {});
  try {
    await bringUp(daemon, options, { stop, shown });
    const [, ...elsewhere] = await dataFolders(place);
    if (elsewhere.length > 0)
      note(`data is in ${elsewhere.join(" and ")}: the account of the databases cannot enter ${place.stateDir}`);
  } catch (error) {
    if (!stop.aborted) {
      await daemon.stop().catch((incomplete: unknown) => note(oneLine(incomplete)));
      throw error;
    }
  }
  await stopped;
}

/** `shown`: the rollouts that are being told; what follows is said after them. */
async function bringUp(
  daemon: Daemon,
  { json }: UpOptions,
  { stop, shown }: { stop: AbortSignal; shown: readonly Promise<void>[] },
): Promise<void> {
  const { rollout, adopted, outdated, left } = await daemon.bringUp();
  await Promise.all(shown);
  stop.throwIfAborted();
  if (rollout && rollout.state !== "SUCCEEDED") {
    const whole = await daemon.usecases.rollout(rollout.id);
    for (const line of failureLines(whole)) note(line);
    if (adopted === 0) throw rolloutError(whole);
    note(oneLine(rolloutError(whole)));
  }
  if (adopted > 0 && !rollout) note(`${adopted} running processes taken over`);
  for (const { service, reason } of left)
    note(`warning ${service} stays down: ${reason}; stationmaster restart ${service} starts it`);
  if (outdated) note("the manifest or files differ from what runs: stationmaster deploy ships them");
  const status = await daemon.usecases.status();
  if (json)
    printJson({
      url: daemon.url,
      pid: process.pid,
      services: status.services.map(({ name, state: word, url }) => ({ name, state: word, url })),
    });
  else {
    for (const { name, state: seen, url, release } of status.services) {
      const word = release === null ? "not deployed" : seen === "unknown" ? "running" : seen;
      print([state(word), name, url, release && `(${release})`].filter(Boolean).join(" "));
    }
    const hosts = status.services.some(({ replicas }) => replicas.some(({ host }) => host !== undefined));
    print(`ready: ${daemon.url} · Ctrl-C ${hosts ? "ends the watch; the services go on" : "stops everything"}`);
  }
}

/** The rollouts of the start, also while a stop undoes them; then the store ends, and that is nothing to ask about again. */
async function showRollout(
  { abort, rollout }: UseCases,
  id: string,
  { quiet, stop }: { quiet: boolean; stop: AbortSignal },
): Promise<void> {
  const look = (asked: string) =>
    rollout(asked).catch((error: unknown) => {
      throw stop.aborted ? stop.reason : error;
    });
  await followRollout({ abort, rollout: look }, id, { quiet, signals: false }).catch(() => {});
}

export function parsePort(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UserError({ code: "SM-USAGE", message: `"${text}" is not a port`, next: "a number from 0 to 65535" });
}
