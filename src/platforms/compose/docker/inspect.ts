import { constants } from "node:os";
import { z } from "zod";
import { PORT_LABEL, readLabels, type UnitLabels } from "./labels.ts";

const Container = z.object({
  Name: z.string(),
  Created: z.string(),
  RestartCount: z.number().default(0),
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
  exit: { code: number; signal: string | null } | null;
  /** Why it could not be started, as the engine says it; mostly empty. */
  error: string;
  oomKilled: boolean;
  restarts: number;
  /** Of its health check; null without one. */
  health: string | null;
  /** ISO time; null before it was started. */
  startedAt: string | null;
  /** The port on loopback of the host that leads to it; null without one. */
  port: number | null;
  networks: string[];
}

/** Reads what `docker inspect` printed. */
export function readContainers(text: string): UnitState[] {
  return Containers.parse(JSON.parse(text)).map(({ Name, Config, State, RestartCount, NetworkSettings }) => {
    const labels = Config.Labels ?? {};
    const ended = State.Status === "exited" || State.Status === "dead";
    return {
      id: Name.replace(/^\//, ""),
      labels: readLabels(labels),
      status: State.Status,
      alive: State.Status === "running",
      exit: ended ? { code: State.ExitCode, signal: signalOf(State.ExitCode) } : null,
      error: State.Error,
      oomKilled: State.OOMKilled,
      restarts: RestartCount,
      health: State.Health?.Status ?? null,
      startedAt: State.StartedAt.startsWith("0001") ? null : State.StartedAt,
      port: Number(labels[PORT_LABEL]) || null,
      networks: Object.keys(NetworkSettings.Networks ?? {}),
    };
  });
}

/** The engine adds 128 to the number of the signal. */
function signalOf(code: number): string | null {
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0] ?? null;
}
