import { constants } from "node:os";
import { z } from "zod";
import type { UnitExit } from "../../../contract/unit-exit.ts";
import { DEFINITION_LABEL, PORT_LABEL, readLabels, type UnitLabels } from "./labels.ts";

const Container = z.object({
  Name: z.string(),
  Created: z.string(),
  RestartCount: z.number().default(0),
  HostConfig: z.object({ Memory: z.number().default(0) }).default({ Memory: 0 }),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
  State: z.object({
    Status: z.string(),
    OOMKilled: z.boolean().default(false),
    ExitCode: z.number(),
    Error: z.string().default(""),
    StartedAt: z.string(),
    Health: z.object({ Status: z.string() }).nullish(),
  }),
  NetworkSettings: z.object({ Networks: z.record(z.string(), z.unknown()).nullish() }),
});
const Containers = z.array(Container);

/** A container as the engine has it. */
export interface UnitState {
  id: string;
  /** Undefined for a container that is not ours. */
  labels: UnitLabels | undefined;
  status: string;
  alive: boolean;
  /** How its last run ended; null while it runs and before it was started. */
  exit: UnitExit | null;
  /** The same, also while it waits to be started again. */
  lastExit: UnitExit | null;
  /** Why it could not be started, as the engine says it; mostly empty. */
  error: string;
  /** Bytes; null: as much as the machine has. */
  memoryLimit: number | null;
  restarts: number;
  /** Of its health check; null without one. */
  health: string | null;
  /** ISO time. */
  createdAt: string;
  /** ISO time; null before it was started. */
  startedAt: string | null;
  /** The port on loopback of the host that leads to it; null without one. */
  port: number | null;
  networks: string[];
  /** Of what Compose made for us: a digest of what it was made from. */
  definition: string | null;
}

/** Reads what `docker inspect` printed. */
export function readContainers(text: string): UnitState[] {
  return Containers.parse(JSON.parse(text)).map((container) => {
    const { Name, Created, Config, HostConfig, State, RestartCount, NetworkSettings } = container;
    const labels = Config.Labels ?? {};
    const memoryLimit = HostConfig.Memory || null;
    const ended = State.Status === "exited" || State.Status === "dead";
    const exit = exitOf(State.ExitCode, { outOfMemory: State.OOMKilled, memoryLimit });
    return {
      id: Name.replace(/^\//, ""),
      labels: readLabels(labels),
      status: State.Status,
      alive: State.Status === "running",
      exit: ended ? exit : null,
      lastExit: ended || State.Status === "restarting" ? exit : null,
      error: State.Error,
      memoryLimit,
      restarts: RestartCount,
      health: State.Health?.Status ?? null,
      createdAt: Created,
      startedAt: State.StartedAt.startsWith("0001") ? null : State.StartedAt,
      port: Number(labels[PORT_LABEL]) || null,
      networks: Object.keys(NetworkSettings.Networks ?? {}),
      definition: labels[DEFINITION_LABEL] ?? null,
    };
  });
}

/** A program goes on when the kernel kills one of its children, so that alone is no end for want of memory. */
export function exitOf(
  code: number,
  { outOfMemory, memoryLimit }: { outOfMemory: boolean; memoryLimit: number | null },
): UnitExit {
  const how = { code, signal: signalOf(code) };
  return outOfMemory && code !== 0 ? { ...how, outOfMemory: { limit: memoryLimit } } : how;
}

/** The engine adds 128 to the number of the signal. */
function signalOf(code: number): string | null {
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0] ?? null;
}
