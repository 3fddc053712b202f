import type { Evidence } from "../contract/incident.ts";
import { toKnownError } from "../core/errors.ts";
import { withDeadline } from "../notify/deadline.ts";
import type { Store } from "../store/connect.ts";
import { type ActionRequest, returnAction, takeAction } from "./budget.ts";
import type { Situation } from "./outlook.ts";
import { isRelief, type Relief } from "./remedy-classes.ts";
import type { RestartTicket } from "./ticket.ts";
import type { Remedy } from "./types.ts";

/** Somebody else works on the environment: not now, and nothing was touched. */
export const BUSY = "SM-DEPLOY-BUSY";

/** A service of which nobody else changes anything until `release`. */
export interface Hold {
  /** How long a restart may take, ms. */
  withinMs: number;
  restart(ticket: RestartTicket, signal: AbortSignal): Promise<{ detail: string }>;
  /** Gives the service back; a second time does nothing. */
  release(): Promise<void>;
}

/** What the daemon lends us to touch the world. Every call gets a signal that aborts at its deadline or at shutdown. */
export interface Effects {
  /** Throws PolicyError `SM-DEPLOY-BUSY` while a rollout or another restart works there. */
  hold(service: string, signal: AbortSignal): Promise<Hold>;
  relieve(relief: Relief, service: string, signal: AbortSignal): Promise<{ detail: string }>;
  redeploy(service: string, incidentId: string, signal: AbortSignal): Promise<{ detail: string }>;
  /** Whatever can be had within the deadline; log lines that are older than `since` (epoch ms) only where that cannot be told. */
  collectEvidence(service: string, since: number, signal: AbortSignal): Promise<Evidence>;
  situation(service: string, signal?: AbortSignal): Promise<Situation>;
  /** How a replica ended that should live (`ended (exit 1)`); null while all live or somebody exchanges them. */
  gone(service: string, signal: AbortSignal): Promise<string | null>;
}

const HOLD_MS = 15_000;
const RELIEF_MS = 30_000;
const REDEPLOY_MS = 10 * 60_000;

interface Execution {
  store: Store;
  effects: Effects;
  service: string;
  signal: AbortSignal;
}

/**
 * Restarts the service for a ticket of `mint`, or answers why it gave none. The only place that restarts: the service is held
 * first, so that a restart which has to wait costs no ticket, and the ticket is used up before anything is touched.
 */
export async function executeRestart(
  mint: () => Promise<RestartTicket | { refused: string }>,
  { store, effects, service, signal }: Execution,
): Promise<{ detail: string } | { refused: string }> {
  const hold = await withDeadline((deadline) => effects.hold(service, deadline), HOLD_MS, signal);
  try {
    const ticket = await mint();
    if ("refused" in ticket) return ticket;
    return { detail: await restart(ticket, hold, { store, signal }) };
  } finally {
    // A store that is away gives the service back by itself, when the hold runs out.
    await hold.release().catch(() => {});
  }
}

async function restart(
  ticket: RestartTicket,
  hold: Hold,
  { store, signal }: Pick<Execution, "store" | "signal">,
): Promise<string> {
  await ticket.spend(store);
  try {
    const { detail } = await withDeadline((deadline) => hold.restart(ticket, deadline), hold.withinMs, signal);
    await ticket.conclude(store, "succeeded");
    return detail;
  } catch (error) {
    if (!signal.aborted) await ticket.conclude(store, "failed");
    throw error;
  }
}

/** An action that takes no ticket is counted first too; what finds somebody else at work touched nothing and is not. */
export async function executeCounted(
  remedy: Exclude<Remedy, "restart">,
  request: ActionRequest,
  execution: Execution,
): Promise<{ detail: string } | { refused: string }> {
  const { store, effects, service, signal } = execution;
  const taken = await takeAction(store, request, remedy);
  if ("refused" in taken) return taken;
  try {
    if (isRelief(remedy))
      return await withDeadline((deadline) => effects.relieve(remedy, service, deadline), RELIEF_MS, signal);
    return await withDeadline(
      (deadline) => effects.redeploy(service, request.incidentId, deadline),
      REDEPLOY_MS,
      signal,
    );
  } catch (error) {
    if (toKnownError(error).code === BUSY) await returnAction(store, taken.action);
    throw error;
  }
}
