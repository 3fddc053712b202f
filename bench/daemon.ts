import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Rollout } from "../src/contract/rollout.ts";
import { Status } from "../src/contract/status.ts";
import type { Lab } from "../test/lab/lab.ts";
import { kill } from "../test/lab/processes.ts";
import { until } from "../test/lab/until.ts";

export interface RunningDaemon {
  pid: number;
  url: string;
  /** From the command to "ready": the application is up and what a crash had left has an end. */
  readyMs: number;
}

/** `up --detach` on a free port; rejects with what it said when it does not come up. */
export async function startDaemon(lab: Pick<Lab, "run">, env: Record<string, string> = {}): Promise<RunningDaemon> {
  const start = performance.now();
  const { code, stdout, stderr } = await lab.run(["up", "--detach", "--port", "0", "--json"], { env });
  if (code !== 0) throw new Error(`up ended with ${code}: ${stderr}`);
  const { pid, url } = JSON.parse(stdout);
  return { pid, url, readyMs: performance.now() - start };
}

/** As a power cut would; waits until the process is gone. */
export async function killDaemon(lab: Pick<Lab, "processes">, { pid }: RunningDaemon): Promise<void> {
  kill(pid, "SIGKILL");
  await until("the end of the daemon", () => !lab.processes().some((process) => process.pid === pid));
}

/** Stops the daemon and all it runs, and waits for the last process; then the lab is closed. */
export async function closeLab(lab: Lab): Promise<void> {
  await lab.run(["down"]);
  await until("the last process", () => lab.processes().length === 0).catch(() => undefined);
  await lab.close();
}

let version = 0;

/** Changes a file of the application, so that the next deployment ships a new release; answers its text. */
export function changeVersion(lab: Lab): string {
  version += 1;
  const text = `version ${version}`;
  lab.write("version.txt", text);
  return text;
}

export async function statusOf({ url }: RunningDaemon): Promise<Status> {
  const response = await fetch(`${url}/api/status`, { signal: AbortSignal.timeout(10_000) });
  return Status.parse(await response.json());
}

export async function rollBack(lab: Lab): Promise<Rollout> {
  const { stdout, stderr } = await lab.run(["rollback", "local", "--yes", "--json"]);
  if (stdout === "") throw new Error(`rollback said nothing: ${stderr}`);
  return JSON.parse(stdout);
}

export interface World {
  release: string | null;
  /** What the application itself says that it serves. */
  text: string;
  /** All that is not one whole release, served by its own processes and nothing else; empty when all is well. */
  wrong: string[];
  /** What the checks say when it is not that the service is healthy. */
  unwell: string[];
}

/** Looks at status, processes and routes of the service `app` and compares them. Draining replicas are those that streams keep. */
export async function look(lab: Lab, daemon: RunningDaemon): Promise<World> {
  const { services, rollouts } = await statusOf(daemon);
  const [app] = services;
  const serving = app?.replicas.filter(({ state }) => state !== "draining") ?? [];
  const draining = app?.replicas.filter(({ state }) => state === "draining") ?? [];
  const answer = await fetch(`${app?.url}/version`, { signal: AbortSignal.timeout(10_000) });
  const { release, text } = (await answer.json()) as { release: string; text: string };
  const processes = lab.processes();
  const known = [...serving, ...draining].map(({ pid }) => pid);
  const units = processes.filter(({ command }) => command.includes("app.mjs"));
  const strays = units.filter(({ pid }) => !known.includes(pid));
  const routed = targets(lab);
  const wrong = [
    release !== app?.release && `${release} answers, status says ${app?.release}`,
    serving.some((replica) => replica.release !== app?.release || replica.state !== "running") && "mixed replicas",
    serving.length === 0 && "nothing serves",
    Math.round(serving.reduce((sum, { weight }) => sum + weight, 0)) !== 100 && "the weights are not 100 %",
    strays.length > 0 && `stray processes ${strays.map(({ pid }) => pid).join(", ")}`,
    units.length < known.length && "a replica has no process",
    routed.filter(({ drain }) => !drain).length !== serving.length && `${routed.length} targets in the route`,
    routed.some(({ role }) => role === "candidate") && "a candidate is left in the route",
    rollouts.some(({ endedAt }) => endedAt === null) && "a rollout has no end",
  ].filter((text) => text !== false);
  const unwell = app?.state === "healthy" ? [] : [`the service is ${app?.state}: ${app?.detail}`];
  return { release, text, wrong, unwell };
}

/** Looks until all is well, at most ten seconds: a check that runs once a second has to see it. Answers the last look. */
export async function lookUntilWell(lab: Lab, daemon: RunningDaemon): Promise<World> {
  let world: World | undefined;
  const well = async () => {
    world = await look(lab, daemon);
    return world.wrong.length + world.unwell.length === 0;
  };
  await until("a quiet world", well, 10_000).catch(() => undefined);
  return world ?? (await look(lab, daemon));
}

function targets(lab: Lab): { role: string; drain: boolean }[] {
  const { routes } = JSON.parse(readFileSync(join(lab.state, "router.json"), "utf8"));
  return Object.values(routes as Record<string, { targets: { role: string; drain: boolean }[] }>).flatMap(
    (route) => route.targets,
  );
}
