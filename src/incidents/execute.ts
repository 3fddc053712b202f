import type { Evidence } from "../contract/incident.ts";
import { withDeadline } from "../notify/deadline.ts";
import type { Store } from "../store/connect.ts";
import type { RestartTicket } from "./ticket.ts";
import type { Situation } from "./types.ts";

/** What the daemon lends us to touch the world. Every call gets a signal that aborts at its deadline or at shutdown. */
export interface Effects {
  restart(ticket: RestartTicket, service: string, signal: AbortSignal): Promise<{ detail: string }>;
  clearSessions(service: string, signal: AbortSignal): Promise<{ detail: string }>;
  redeploy(service: string, incidentId: string, signal: AbortSignal): Promise<{ detail: string }>;
  collectEvidence(service: string, signal: AbortSignal): Promise<Evidence>;
  situation(service: string, signal?: AbortSignal): Promise<Situation>;
}

const RESTART_MS = 5 * 60_000;
const CLEAR_MS = 30_000;
const REDEPLOY_MS = 10 * 60_000;

interface Execution {
  store: Store;
  effects: Effects;
  service: string;
  signal: AbortSignal;
}

/** Restarts the service for a ticket. The only place that calls `effects.restart`; the ticket is used up first. */
export async function executeRestart(
  ticket: RestartTicket,
  { store, effects, service, signal }: Execution,
): Promise<string> {
  await ticket.spend(store);
  try {
    const { detail } = await withDeadline((deadline) => effects.restart(ticket, service, deadline), RESTART_MS, signal);
    await ticket.conclude(store, "succeeded");
    return detail;
  } catch (error) {
    if (!signal.aborted) await ticket.conclude(store, "failed");
    throw error;
  }
}

export async function executeClearSessions({ effects, service, signal }: Execution): Promise<string> {
  const { detail } = await withDeadline((deadline) => effects.clearSessions(service, deadline), CLEAR_MS, signal);
  return detail;
}

/** Goes back to the last good release of the service. */
export async function executeRedeploy(incidentId: string, { effects, service, signal }: Execution): Promise<string> {
  const { detail } = await withDeadline(
    (deadline) => effects.redeploy(service, incidentId, deadline),
    REDEPLOY_MS,
    signal,
  );
  return detail;
}
