import { oneLine, UserError } from "../../core/errors.ts";
import type { Daemon } from "../../daemon/daemon.ts";
import { findPlace } from "../../daemon/place.ts";
import { note, print, printJson, state } from "../output.ts";
import { failureLines, followRollout, rolloutError } from "../progress.ts";
import type { UpOptions } from "../up-options.ts";

const DEFAULT_PORT = 4700;
/** A terminal and npm may both deliver one Ctrl-C; only a later one means "at once". */
const SAME_INTERRUPT_MS = 1_500;

export async function run(options: UpOptions): Promise<void> {
  const port = parsePort(options.port ?? process.env.STATIONMASTER_PORT);
  if (options.detach) {
    const { detach } = await import("../detach.ts");
    return await detach({ ...options, port });
  }
  const [{ startDaemon }, { startServer }] = await Promise.all([
    import("../../daemon/daemon.ts"),
    import("../../server/index.ts"),
  ]);
  const { webRoot } = await import("../web-root.ts");
  const place = findPlace(options);
  const token = options.token ?? process.env.STATIONMASTER_TOKEN;
  const daemon = await startDaemon(place, {
    environment: options.env,
    token,
    print: note,
    warn: (line) => note(`warning ${line}`),
    serve: (usecases) => startServer({ usecases, host: options.host, port, token, webRoot, version: "0.1.0" }),
    onRollout: (row) => {
      void followRollout(daemon.usecases, row.id, { quiet: options.json ?? false, signals: false }).catch(() => {});
    },
  });
  const stopped = stopOnSignal(daemon);
  note(`dashboard ${daemon.url}`);
  try {
    await bringUp(daemon, options);
  } catch (error) {
    await daemon.stop();
    // Stopped on purpose in the middle of the start: that is no failure.
    if (!stopped.requested()) throw error;
  }
  await stopped.done;
}

async function bringUp(daemon: Daemon, { json }: UpOptions): Promise<void> {
  const { rollout, adopted, outdated } = await daemon.bringUp();
  if (rollout && rollout.state !== "SUCCEEDED") {
    const whole = await daemon.usecases.rollout(rollout.id);
    for (const line of failureLines(whole)) note(line);
    if (adopted === 0) throw rolloutError(whole);
    note(oneLine(rolloutError(whole)));
  }
  if (adopted > 0 && !rollout) note(`${adopted} running processes taken over`);
  if (outdated) note("the manifest or files differ from what runs: stationmaster deploy ships them");
  const status = await daemon.usecases.status();
  if (json)
    printJson({
      url: daemon.url,
      pid: process.pid,
      services: status.services.map(({ name, state: word, url }) => ({ name, state: word, url })),
    });
  else {
    for (const service of status.services)
      print(
        `${state(service.state === "unknown" ? "running" : service.state)} ${service.name}${service.url ? ` ${service.url}` : ""} (${service.release ?? "–"})`,
      );
    print(`ready: ${daemon.url} · Ctrl-C stops everything`);
  }
}

/** The first signal stops everything in order; another one later leaves at once, with the journal to go on from. */
function stopOnSignal(daemon: Daemon): { requested(): boolean; done: Promise<void> } {
  let first = 0;
  const done = new Promise<void>((resolve, reject) => {
    const stop = () => {
      const now = Date.now();
      if (first === 0) {
        first = now;
        note("\nstopping");
        daemon.stop().then(resolve, reject);
      } else if (now - first > SAME_INTERRUPT_MS) process.exit(130);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  });
  return { requested: () => first > 0, done };
}

export function parsePort(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UserError({ code: "SM-USAGE", message: `"${text}" is not a port`, next: "a number from 0 to 65535" });
}
