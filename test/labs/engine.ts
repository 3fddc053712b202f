import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "../lab/until.ts";
import { attempt, labEnv, must } from "./run.ts";

/** `sh PRIVATE FOLDER PROGRAM…` runs a program with a /run, /var/lib and /etc of its own. */
export const PRIVATE = fileURLToPath(new URL("private.sh", import.meta.url));

const READY_MS = 30_000;
const STOP_MS = 20_000;

export interface EngineOptions {
  /** Everything the engine keeps; short, because a socket's path has at most 107 characters. */
  folder: string;
  /** Put before the program, such as `nsenter … --`. */
  prefix: readonly string[];
  /** Further flags of dockerd. */
  flags: readonly string[];
  /** Control group its containers are put below. */
  group: string;
}

export interface Engine {
  socket: string;
  /** As docker's `-H` and DOCKER_HOST want it. */
  host: string;
  /** SIGTERM, and SIGKILL after 20 s; waits for the end. */
  end(): Promise<void>;
}

/** Starts dockerd and waits until it answers; throws with the end of its log when it does not. */
export async function startEngine({ folder, prefix, flags, group }: EngineOptions): Promise<Engine> {
  const socket = join(folder, "docker.sock");
  if (join(folder, "exec/containerd/containerd.sock.ttrpc").length > 107) throw new Error(`too long: ${folder}`);
  mkdirSync(folder, { recursive: true });
  const pidFile = join(folder, "docker.pid");
  // One that was killed left it; dockerd refuses to start when a process has that number by now.
  rmSync(pidFile, { force: true });
  const log = join(folder, "dockerd.log");
  const argv = [
    ...prefix,
    "dockerd",
    ...["--data-root", join(folder, "root"), "--exec-root", join(folder, "exec")],
    ...["--host", `unix://${socket}`, "--pidfile", pidFile],
    ...["--exec-opt", "native.cgroupdriver=cgroupfs", "--cgroup-parent", `/${group}`],
    ...flags,
  ];
  const [program = "", ...args] = argv;
  const output = openSync(log, "a");
  const child = spawn(program, args, { detached: true, stdio: ["ignore", output, output], env: labEnv() });
  closeSync(output);
  const ended = once(child, "exit").then(() => true);
  ended.catch(() => undefined);
  let running = true;
  child.once("exit", () => {
    running = false;
  });

  // The pid file holds the pid as the engine's own world counts it.
  const signal = (name: string) => attempt([...prefix, "busybox", "kill", `-${name}`, readFileSync(pidFile, "utf8")]);
  const end = async () => {
    if (!running) return;
    await signal("TERM");
    const inTime = await Promise.race([ended, after(STOP_MS)]);
    if (inTime) return;
    await signal("KILL");
    await ended;
  };
  try {
    await until("dockerd", async () => !running || (await ping(socket)), READY_MS);
    if (!running) throw new Error("it ended");
  } catch (cause) {
    if (running) child.kill("SIGKILL");
    throw new Error(`dockerd: ${readFileSync(log, "utf8").trim().split("\n").slice(-3).join("\n")}`, { cause });
  }
  return { socket, host: `unix://${socket}`, end };
}

/** Runs the docker client against an engine and answers what it printed; throws when it fails. */
export async function docker(
  { host }: Pick<Engine, "host">,
  args: readonly string[],
  deadlineMs?: number,
): Promise<string> {
  return await must(["docker", "-H", host, ...args], deadlineMs);
}

async function after(ms: number): Promise<false> {
  return await new Promise((done) => setTimeout(done, ms, false).unref());
}

async function ping(socketPath: string): Promise<boolean> {
  return await new Promise((done) => {
    const asked = request({ socketPath, path: "/_ping", timeout: 2_000 }, (response) => {
      response.resume();
      done(response.statusCode === 200);
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => done(false));
    asked.end();
  });
}
