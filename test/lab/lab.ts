import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import type { Rollout } from "../../src/contract/rollout.ts";
import type { Status } from "../../src/contract/status.ts";
import { createTestDatabase } from "../../src/store/testing.ts";
import { type Command, type CommandOptions, type CommandResult, startCommand } from "./command.ts";
import { killAll, processesOf, type Seen } from "./processes.ts";
import { until } from "./until.ts";

const APP = fileURLToPath(new URL("app.mjs", import.meta.url));
const TARGET = new URL("../../bench/load/target.ts", import.meta.url).href;

const LEAVE_MS = 5_000;

/** Keys of a service as the manifest has them. */
export type ServiceText = Record<string, unknown> & { env?: Record<string, string> };

export interface LabOptions {
  services?: Record<string, ServiceText>;
  strategy?: Record<string, unknown>;
  /** Further keys of the manifest. */
  manifest?: Record<string, unknown>;
  /** `embedded`: the command starts its own server; default: a database on the test run's server. */
  store?: "embedded" | "shared";
  /** The manifest as text, where it is the thing under test. */
  text?: string;
  /** How its commands are started where nothing else is said. */
  command?: Pick<CommandOptions, "main" | "env">;
}

export interface Asked {
  status: number;
  release: string | null;
  body: string;
}

/** A temporary application of real processes with its own state directory. */
export interface Lab {
  root: string;
  state: string;
  /** For `process.env` of whoever works on this lab. */
  env: Record<string, string>;
  write(path: string, text: string): void;
  /** Changes the manifest. */
  manifest(options: LabOptions): void;
  start(args: readonly string[], options?: CommandOptions): Command;
  run(args: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  deploy(...args: string[]): Promise<{ rollout: Rollout; code: number | null; stderr: string }>;
  status(): Promise<Status>;
  url(service?: string): Promise<string>;
  ask(path: string, service?: string): Promise<Asked>;
  processes(): Seen[];
  close(): Promise<void>;
}

/** One HTTP service `app` of the lab's own program; `env.MODE` chooses how it behaves. */
export function service(rest: ServiceText = {}): ServiceText {
  const { env, ...keys } = rest;
  const worker = keys.kind === "worker";
  return {
    start: ["${NODE}", "app.mjs"],
    ...(worker ? {} : { health: { path: "/health", every: "1s", timeout: "5s" } }),
    startup: "30s",
    drain: "5s",
    grace: "3s",
    ...keys,
    env: { LAB_TARGET: TARGET, LAB_ROOT: "@root@", ...env },
  };
}

/** Makes the application; `close` stops and removes all of it and fails when a process is left over. */
export async function openLab(options: LabOptions = {}): Promise<Lab> {
  const root = mkdtempSync(join(tmpdir(), "stationmaster-lab-"));
  // The embedded server of a root user runs as another account, which has to pass through.
  chmodSync(root, 0o755);
  const state = join(root, "state");
  const database = options.store === "embedded" ? undefined : await createTestDatabase();
  const env: Record<string, string> = database ? { DATABASE_URL: database.url } : {};
  const place = ["--config", join(root, "stationmaster.yaml"), "--state", state];

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const manifest = (changed: LabOptions) => write("stationmaster.yaml", changed.text ?? render(changed, root));
  cpSync(APP, join(root, "app.mjs"));
  write("version.txt", "one");
  manifest(options);

  const start = (args: readonly string[], more: CommandOptions = {}) =>
    startCommand([...place, ...args], {
      ...options.command,
      ...more,
      env: { ...env, ...options.command?.env, ...more.env },
    });
  const run = (args: readonly string[], more?: CommandOptions) => start(args, more).done;
  const status = async (): Promise<Status> => JSON.parse((await succeeded(run(["status", "--json"]))).stdout);
  const url = async (name = "app") => {
    const found = (await status()).services.find((item) => item.name === name)?.url;
    if (!found) throw new Error(`${name} has no address`);
    return found;
  };

  return {
    root,
    state,
    env,
    write,
    manifest,
    start,
    run,
    status,
    url,
    deploy: async (...args) => {
      const { stdout, stderr, code } = await run(["deploy", "local", "--yes", "--json", ...args]);
      if (stdout === "") throw new Error(`deploy said nothing: ${stderr}`);
      return { rollout: JSON.parse(stdout), code, stderr };
    },
    ask: async (path, name) => await ask(`${await url(name)}${path}`),
    processes: () => processesOf(root),
    close: async () => {
      const stopped = await run(["down"]);
      // A process may need a moment to end after it has done its last work.
      await until("the last process", () => processesOf(root).length === 0, LEAVE_MS).catch(() => {});
      const left = processesOf(root);
      killAll(root);
      rmSync(root, { recursive: true, force: true });
      await database?.drop();
      if (left.length > 0) throw new Error(`left over: ${JSON.stringify({ left, stopped })}`);
    },
  };
}

/** One request on a connection of its own; says which release answered. */
export async function ask(url: string): Promise<Asked> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000), headers: { connection: "close" } });
  const release = response.headers.get("x-stationmaster-release");
  return { status: response.status, release, body: await response.text() };
}

async function succeeded(result: Promise<CommandResult>): Promise<CommandResult> {
  const { code, stderr, ...rest } = await result;
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return { code, stderr, ...rest };
}

function render({ services = { app: service() }, strategy, manifest }: LabOptions, root: string): string {
  const value = {
    project: "lab",
    services,
    environments: { local: { platform: "local", strategy: { kind: "blue-green", bake: "500ms", ...strategy } } },
    ...manifest,
  };
  return stringify(value).replaceAll("@root@", root);
}
