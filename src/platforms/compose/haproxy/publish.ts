import { ExternalError } from "../../../core/errors.ts";
import type { Host } from "../../../exec/host.ts";
import { renderConfig, structureId } from "./config.ts";
import { filesIn } from "./files.ts";
import { type Listener, listenersOf } from "./listeners.ts";
import type { Look, Worker } from "./look.ts";
import { planRuntime } from "./plan.ts";
import type { ProxyProcess } from "./process.ts";
import type { ProxyRoutes } from "./route.ts";
import { loadRoutes, saveRoutes, testConfig } from "./store.ts";

interface Place {
  host: Host;
  folder: string;
  running: ProxyProcess;
}

/** Starts the proxy with what is on disk unless it runs. */
export async function ensureRunning(
  { host, folder, running }: Place,
  signal: AbortSignal,
): Promise<"running" | "started"> {
  if ((await running.processes(signal)) || (await running.returns(signal))) return "running";
  const setup = await running.setup(signal);
  const routes = await loadRoutes(host, folder, signal);
  // What is made from the state may be older than it, when a crash came between.
  await saveRoutes(routes, { host, setup, signal });
  await running.probe(listenersOf(routes), signal);
  await running.start(signal);
  return "started";
}

/**
 * Disk first, then the running proxy where there is one: a reload if it takes one, else the runtime API. When the reload fails
 * (`SM-PROXY-RELOAD`), or a new port is not to be had (`SM-PROXY-PORT`), both are as they were.
 */
export async function publish(
  place: Place,
  { from, to }: { from: ProxyRoutes; to: ProxyRoutes },
  signal: AbortSignal,
): Promise<Look | undefined> {
  const { host, running } = place;
  const setup = await running.setup(signal);
  const save = (routes: ProxyRoutes) => saveRoutes(routes, { host, setup, signal });
  const before = await running.look(signal);
  if (before) await running.probe(addedPorts(from, to), signal);
  await save(to);
  if (!before) return undefined;
  const wanted = { structure: structureId(to, setup.config), closes: closes(from, to) };
  if (before.current.seen.structure !== wanted.structure && !(await running.reload(before, wanted, signal))) {
    await save(from);
    if ((await ensureRunning(place, signal)) === "running") {
      // The master waits for a configuration it can use.
      const again = { structure: structureId(from, setup.config), closes: closes(to, from) };
      await running.reload(await running.lookOrFail(signal), again, signal);
    }
    throw cannotLoad(host);
  }
  return await steer(place, to, signal);
}

/** Ports that are new. Another address of a port that is open already would find our own worker there. */
function addedPorts(from: ProxyRoutes, to: ProxyRoutes): Listener[] {
  const open = new Set(listenersOf(from).map(({ port }) => port));
  return listenersOf(to).filter(({ port }) => !open.has(port));
}

/** Whether an address is not listened on any more. */
function closes(from: ProxyRoutes, to: ProxyRoutes): boolean {
  const socketsOf = (routes: ProxyRoutes) =>
    listenersOf(routes).flatMap(({ port, addresses }) => addresses.map((address) => `${address} ${port}`));
  const stay = new Set(socketsOf(to));
  return socketsOf(from).some((socket) => !stay.has(socket));
}

/** A new worker of the program that is installed now, with what is on disk. */
export async function renew(place: Place, signal: AbortSignal): Promise<void> {
  const { host, folder, running } = place;
  if ((await ensureRunning(place, signal)) === "started") return;
  const setup = await running.setup(signal);
  const routes = await loadRoutes(host, folder, signal);
  await testConfig(renderConfig(routes, setup.config), { host, setup, signal });
  await saveRoutes(routes, { host, setup, signal });
  const before = await running.lookOrFail(signal);
  const same = { structure: structureId(routes, setup.config), closes: false };
  if (!(await running.reload(before, same, signal))) throw cannotLoad(host);
}

/** Brings the worker that takes requests to the routes. Those that a reload has left pass theirs on to it. */
async function steer({ host, folder, running }: Place, routes: ProxyRoutes, signal: AbortSignal): Promise<Look> {
  const plan = ({ seen }: Worker) => planRuntime(seen, routes, filesIn(folder).map);
  const { current } = await running.lookOrFail(signal);
  const said = await running.tell(current.pid, plan(current).commands, signal);
  const after = await running.lookOrFail(signal);
  const { commands, tidy } = plan(after.current);
  if (commands.length > 0)
    throw new ExternalError({
      code: "SM-PROXY-READBACK",
      message: `${host.name}: the proxy is not as wanted, ${commands[0]} is missing: ${said.replace(/\s+/g, " ").trim()}`,
      next: "deploy again",
    });
  await running.tell(after.current.pid, tidy, signal);
  return after;
}

function cannotLoad(host: Host): ExternalError {
  return new ExternalError({
    code: "SM-PROXY-RELOAD",
    message: `${host.name}: HAProxy cannot take up its new configuration, though it passed the test`,
    next: "it goes on as before; start the reload there by hand to see its reason",
  });
}
