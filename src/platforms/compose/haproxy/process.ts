import type { Clock } from "../../../core/clock.ts";
import { ExternalError } from "../../../core/errors.ts";
import { ask } from "./ask.ts";
import { renderProbe } from "./config.ts";
import { filesIn } from "./files.ts";
import { SIGNAL_KEEPER } from "./keep-script.ts";
import type { Listener } from "./listeners.ts";
import { type Look, look, lookAtProcesses, to, type Worker } from "./look.ts";
import type { ProxyMemory } from "./memory.ts";
import type { Processes } from "./parse.ts";
import { alertIn, findSetup, type ProxyOptions, type Setup } from "./setup.ts";

const COMMAND_MS = 30_000;
const READY_MS = 20_000;
/** For the one who starts it again on the host, who tries every second; connections wait there meanwhile. */
const RETURN_MS = 10_000;
const POLL_MS = 50;

/** The processes of the proxy: one master, which answers for its workers. */
export interface ProxyProcess {
  setup(signal: AbortSignal): Promise<Setup>;
  /** The cheapest look; undefined when it does not run. */
  processes(signal: AbortSignal): Promise<Processes | undefined>;
  look(signal: AbortSignal): Promise<Look | undefined>;
  /** Waits for a worker that answers; `SM-PROXY-DOWN` after 20 s. */
  lookOrFail(signal: AbortSignal): Promise<Look>;
  /** Says something to one worker and answers what it replies. */
  tell(pid: number, commands: readonly string[], signal: AbortSignal): Promise<string>;
  /** Whether ports that it does not have yet can be opened: `SM-PROXY-PORT` with the reason. */
  probe(listeners: readonly Listener[], signal: AbortSignal): Promise<void>;
  /** `SM-PROXY-START` with the reason it gives. */
  start(signal: AbortSignal): Promise<void>;
  /** Sees to it that somebody on the host starts it again when it ends, and holds its ports open until then. */
  keep(signal: AbortSignal): Promise<void>;
  /** Where somebody there does: waits a little for it to be back. Whether it runs. */
  returns(signal: AbortSignal): Promise<boolean>;
  /** Whether a new worker with that structure took over; `closes`: there are sockets that it does not want any more. */
  reload(before: Look, wanted: { structure: string; closes: boolean }, signal: AbortSignal): Promise<boolean>;
  stop(signal: AbortSignal): Promise<void>;
}

/** Nothing is asked or started yet. */
export function createProcess(options: ProxyOptions, memory: ProxyMemory, clock: Clock): ProxyProcess {
  const { host, folder } = options;
  const files = filesIn(folder);
  const processes = (signal: AbortSignal) => lookAtProcesses(host, files.master, signal);
  const lookNow = (signal: AbortSignal) => look(host, files, clock, signal);

  async function setup(signal: AbortSignal): Promise<Setup> {
    memory.setup ??= await findSetup(options, signal);
    return memory.setup;
  }

  async function tell(pid: number, commands: readonly string[], signal: AbortSignal): Promise<string> {
    return (await ask(host, files.master, to(pid, commands), signal)) ?? "";
  }

  /** Undefined when it has not come in time. */
  async function poll<T>(look: () => Promise<T | undefined>, signal: AbortSignal, ms = READY_MS) {
    for (const end = clock.monotonic() + ms; clock.monotonic() < end; await clock.sleep(POLL_MS, signal)) {
      const found = await look();
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async function lookOrFail(signal: AbortSignal): Promise<Look> {
    const seen = await poll(() => lookNow(signal), signal);
    if (seen) return seen;
    throw new ExternalError({
      code: "SM-PROXY-DOWN",
      message: `${host.name}: the proxy does not answer`,
      next: "look whether haproxy runs there",
      retryable: true,
    });
  }

  async function probe(listeners: readonly Listener[], signal: AbortSignal): Promise<void> {
    if (listeners.length === 0) return;
    if (!(await processes(signal))) await tellHolder("release", signal);
    const { probe: argv } = await setup(signal);
    const options = { deadlineMs: COMMAND_MS, signal };
    await host.write(files.probe, renderProbe(listeners, folder), options);
    const { stderr } = await host.run(argv, options);
    if (/cannot chroot/i.test(stderr)) return;
    const [, why = alertIn(stderr), where = "its ports"] =
      /cannot bind socket \((.*)\) for \[(.*)\]/.exec(stderr) ?? [];
    throw new ExternalError({
      code: "SM-PROXY-PORT",
      message: `${host.name}: HAProxy cannot listen on ${where}: ${why}`,
      next: "end the program that has that port (ss -ltnp tells which), or choose another one for the route",
    });
  }

  async function start(signal: AbortSignal): Promise<void> {
    const { clear } = await setup(signal);
    const options = { deadlineMs: COMMAND_MS, signal };
    if (clear) await host.run(clear, options);
    const { code, stderr } = await launch(signal);
    if (code === 0 && (await poll(() => lookNow(signal), signal))) return await tellHolder("refresh", signal);
    const said = code === 0 ? (await host.run(["cat", files.log], options)).stdout : stderr;
    throw new ExternalError({
      code: "SM-PROXY-START",
      message: `${host.name}: HAProxy does not start: ${alertIn(said)}`,
      next: "end the program that has its port, or change the route",
    });
  }

  async function launch(signal: AbortSignal) {
    const { start: argv } = await setup(signal);
    const kept = await runKeeper(signal);
    return argv ? await host.run(argv, { deadlineMs: COMMAND_MS, signal }) : kept;
  }

  async function keep(signal: AbortSignal): Promise<void> {
    await runKeeper(signal);
  }

  async function runKeeper(signal: AbortSignal) {
    const options = { deadlineMs: COMMAND_MS, signal };
    await host.write(files.keep, (await setup(signal)).keep, options);
    return await host.run(["sh", files.keep], options);
  }

  /** To what holds the listening sockets beside it, where there is one. */
  async function tellHolder(command: "refresh" | "release", signal: AbortSignal): Promise<void> {
    await ask(host, files.listeners, [command], signal).catch(() => signal.throwIfAborted());
  }

  /** Whether it was there. */
  async function signalKeeper(name: "0" | "TERM", signal: AbortSignal): Promise<boolean> {
    const argv = ["sh", "-c", SIGNAL_KEEPER, "sh", files.keep, files.keeper, name];
    return (await host.run(argv, { deadlineMs: COMMAND_MS, signal })).code === 0;
  }

  async function returns(signal: AbortSignal): Promise<boolean> {
    if (!(await signalKeeper("0", signal))) return false;
    return (await poll(() => processes(signal), signal, RETURN_MS)) !== undefined;
  }

  async function reload(
    before: Look,
    { structure, closes }: { structure: string; closes: boolean },
    signal: AbortSignal,
  ): Promise<boolean> {
    // A socket that nobody but the holder has would get connections that nobody accepts.
    if (closes) await tellHolder("release", signal);
    try {
      return await takenOver(before, structure, signal);
    } finally {
      await tellHolder("refresh", signal);
    }
  }

  async function takenOver(before: Look, structure: string, signal: AbortSignal): Promise<boolean> {
    const known = new Set(before.workers.map(({ pid }) => pid));
    await ask(host, files.master, ["reload"], signal);
    const taken = await poll(async () => {
      const now = await processes(signal);
      if (now && now.failed > before.failed) return "failed";
      if (!now?.workers.some(({ pid, old }) => !old && !known.has(pid))) return undefined;
      const current = (await lookNow(signal))?.current;
      return current && !known.has(current.pid) && current.seen.structure === structure ? current : undefined;
    }, signal);
    if (taken === undefined || taken === "failed") return false;
    await carryHealth(before.current, taken, signal);
    return true;
  }

  /** A new worker takes a unit out at its first failed check; those that were well have three, as before. */
  async function carryHealth(from: Worker, { pid, seen }: Worker, signal: AbortSignal): Promise<void> {
    const sick = new Set(from.seen.servers.filter(({ up }) => !up).map(({ id }) => id));
    const well = seen.servers.filter(({ id }) => !sick.has(id));
    const commands = well.map(({ backend, id }) => `set server ${backend}/${id} health up`);
    await tell(pid, commands, signal);
  }

  async function stop(signal: AbortSignal): Promise<void> {
    let master: number | undefined;
    const gone = await poll(async () => {
      const kept = await signalKeeper("TERM", signal);
      const running = await processes(signal);
      if (!running) return !kept || undefined;
      master = running.master;
      await host.run((await setup(signal)).stop(master), { deadlineMs: COMMAND_MS, signal });
      return undefined;
    }, signal);
    if (gone) return;
    throw new ExternalError({
      code: "SM-PROXY-STOP",
      message: `${host.name}: the proxy (pid ${master ?? "unknown"}) does not stop`,
      next: "end it by its pid",
    });
  }

  const asked = { setup, processes, look: lookNow, lookOrFail, tell };
  return { ...asked, probe, start, keep, returns, reload, stop };
}
