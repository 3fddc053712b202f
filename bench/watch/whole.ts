import { type ExecFileOptions, execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Workers } from "../../src/contract/worker.ts";
import { tree } from "../load/memory.ts";
import { clear, pidOf, scratch } from "../load/place.ts";
import { addressOf } from "./targets.ts";

const STATIONMASTER = fileURLToPath(new URL("../../bin/stationmaster", import.meta.url));
const COMMAND_MS = 5 * 60_000;

interface WholeOptions {
  checks: number;
  /** Of the targets. */
  port: number;
  everyMs: number;
}

/** A daemon started as people start it, and the database server it keeps. */
export interface Whole {
  daemon: number;
  /** The database server and all its processes at the moment. */
  store(): number[];
  /** What its scheduler tells of itself. */
  scheduler(): Promise<Workers["scheduler"]>;
  stop(): Promise<void>;
}

/** Starts a daemon that asks the first `checks` targets; resolves when it serves. */
export async function startWhole({ checks, port, everyMs }: WholeOptions): Promise<Whole> {
  const folder = scratch("watch-whole-");
  const [state, source] = [join(folder, "state"), join(folder, "source")];
  mkdirSync(source);
  const asked = Array.from({ length: checks }, (_, index) => [
    `t${index}`,
    { url: `http://${addressOf(index)}:${port}/`, every: `${everyMs / 1_000}s` },
  ]);
  const manifest = {
    project: "bench",
    services: { idle: { kind: "worker", path: ".", start: "sleep infinity" } },
    environments: { local: { platform: "local" } },
    checks: Object.fromEntries(asked),
  };
  const config = join(source, "stationmaster.yaml");
  writeFileSync(config, JSON.stringify(manifest));
  const place = ["--config", config, "--state", state];
  const stop = async () => {
    await command([...place, "down"]).catch((error: unknown) => console.error(error));
    await clear(folder);
  };
  try {
    await command([...place, "up", "--detach", "--port", "0"]);
    return {
      daemon: pidOf(state, "cli/main.ts", " up "),
      store: () => tree(pidOf(state, "postgres -D", join(state, "db"))),
      scheduler: () => schedulerOf(state),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function command(args: readonly string[]): Promise<void> {
  const env = { ...process.env, DATABASE_URL: undefined, NO_COLOR: "1" };
  const options: ExecFileOptions = { env, timeout: COMMAND_MS };
  await promisify(execFile)(STATIONMASTER, [...args], options);
}

async function schedulerOf(state: string): Promise<Workers["scheduler"]> {
  const { url } = JSON.parse(readFileSync(join(state, "daemon.json"), "utf8")) as { url: string };
  const response = await fetch(`${url}/api/workers`, { signal: AbortSignal.timeout(COMMAND_MS) });
  return Workers.parse(await response.json()).scheduler;
}
