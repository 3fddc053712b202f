import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Check } from "../../src/contract/check.ts";
import type { Incident, IncidentSummary } from "../../src/contract/incident.ts";
import type { Status } from "../../src/contract/status.ts";
import { readDaemon } from "./daemon.ts";
import { type Lab, service } from "./lab.ts";
import { kill } from "./processes.ts";

const APP = fileURLToPath(new URL("night.mjs", import.meta.url));

/** Signals that `night.mjs` heeds. */
type Signal = "hold" | "die" | "broken";

/** A service of `night.mjs`, asked each second. `needs`: the service its work calls. */
export function nightService(name: string, { needs }: { needs?: string } = {}) {
  return service({
    start: ["${NODE}", "night.mjs"],
    health: { path: "/health", every: "1s", timeout: "1s" },
    exclude: ["signals"],
    ...(needs === undefined ? {} : { depends_on: [needs] }),
    env: { NAME: name, ...(needs === undefined ? {} : { NEEDS: `\${service:${needs}}` }) },
  });
}

/** A lab with services of `night.mjs`, seen and moved from outside. */
export interface Night {
  signal(kind: Signal, name: string): void;
  calm(kind: Signal, name: string): void;
  /** How often a service was started, by its own count. */
  starts(name: string): number;
  /** Kills the processes of a service. */
  killService(name: string): Promise<void>;
  /** What a command with `--json` answers. */
  ask<T>(...args: string[]): Promise<T>;
  /** Of the daemon's interface. */
  read<T>(path: string): Promise<T>;
  incidents(): Promise<IncidentSummary[]>;
  incident(id: string): Promise<Incident>;
  verdictOf(check: string): Promise<string | undefined>;
}

export function openNight(lab: Lab): Night {
  const file = (kind: string, name: string) => join(lab.root, "signals", `${kind}-${name}`);
  cpSync(APP, join(lab.root, "night.mjs"));
  mkdirSync(join(lab.root, "signals"), { recursive: true });
  const ask = async <T>(...args: string[]): Promise<T> => {
    const { code, stdout, stderr } = await lab.run([...args, "--json"]);
    if (code !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
    return JSON.parse(stdout) as T;
  };
  const read = async <T>(path: string) => JSON.parse(await readDaemon(lab, path)) as T;
  return {
    signal: (kind, name) => writeFileSync(file(kind, name), ""),
    calm: (kind, name) => rmSync(file(kind, name), { force: true }),
    starts: (name) => readFileSync(file("starts", name), "utf8").trim().split("\n").length,
    killService: async (name) => {
      const { services } = await read<Status>("/api/status");
      const replicas = services.find((item) => item.name === name)?.replicas ?? [];
      for (const { pid } of replicas) if (pid) kill(pid, "SIGKILL");
    },
    ask,
    read,
    incidents: async () => (await read<{ incidents: IncidentSummary[] }>("/api/incidents?state=all")).incidents,
    incident: (id) => read<Incident>(`/api/incidents/${id}`),
    verdictOf: async (check) =>
      (await read<{ checks: Check[] }>("/api/checks")).checks.find(({ id }) => id === check)?.verdict,
  };
}
