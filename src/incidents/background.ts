import type { Evidence } from "../contract/incident.ts";
import type { Clock } from "../core/clock.ts";
import { PolicyError, toKnownError } from "../core/errors.ts";
import { type Redactor, redactDeep } from "../core/redact.ts";
import { clip } from "../core/text.ts";
import { withDeadline } from "../notify/deadline.ts";
import type { Store } from "../store/connect.ts";
import { actionsLeft } from "./budget.ts";
import { restartsLeft } from "./epochs.ts";
import { BUSY, type Effects, executeCounted, executeRestart } from "./execute.ts";
import { EVIDENCE_MS } from "./healing.ts";
import { keyScope, serviceScope } from "./key.ts";
import type { Outlook } from "./outlook.ts";
import { healedElsewhere, type Place } from "./rows.ts";
import { RestartTicket } from "./ticket.ts";
import type { Effect, IncidentRecord, LifecycleEvent, Remedy } from "./types.ts";

const LOOK_MS = 10_000;
const LOG_LINES = 30;
const LONGEST_LINE = 2_000;
/** What led to a failure begins a little before it shows. */
const BEFORE_ONSET_MS = 60_000;

export interface BackgroundOptions extends Place {
  store: Store;
  clock: Clock;
  redact: Redactor;
  effects: Effects;
  /** Aborts when the daemon stops. */
  signal: AbortSignal;
  /** Told why nothing could be found out. */
  report?: ((error: unknown) => void) | undefined;
}

export type Work = Extract<Effect, { type: "collect" | "look" | "act" }>;

/** What an incident waits for and anybody may begin anew: evidence and a look touch nothing. Null when there is nothing such. */
export function workAwaited({ healing: { phase, pending: work } }: Pick<IncidentRecord, "healing">): Work | null {
  if (work === null) return null;
  if (phase === "evidence") return { type: "collect", work };
  return phase === "choosing" ? { type: "look", work } : null;
}

/** Does the long work an effect asks for and answers with the event to decide on. Never rejects. */
export async function work(record: IncidentRecord, effect: Work, options: BackgroundOptions): Promise<LifecycleEvent> {
  const at = () => options.clock.now();
  if (effect.type === "collect")
    return { type: "evidence", work: effect.work, evidence: await collect(record, options), at: at() };
  if (effect.type === "look")
    return { type: "situation", work: effect.work, ...(await look(record, options)), at: at() };
  return { type: "acted", work: effect.work, ...(await act(record, effect, options)), at: at() };
}

async function collect(
  { service, failingSince }: IncidentRecord,
  { effects, redact, signal }: BackgroundOptions,
): Promise<Evidence> {
  const nothing = { logs: [], metrics: {}, changes: [] };
  if (service === null) return { ...nothing, missing: [] };
  try {
    const since = failingSince - BEFORE_ONSET_MS;
    const collecting = (deadline: AbortSignal) => effects.collectEvidence(service, since, deadline);
    const evidence = await withDeadline(collecting, EVIDENCE_MS, signal);
    const kept = redactDeep({ ...evidence, logs: evidence.logs.slice(-LOG_LINES) }, redact);
    // Redacted before it is cut, so that no half of a secret is left at the edge.
    return { ...kept, logs: kept.logs.map((line) => clip(line, LONGEST_LINE)) };
  } catch (error) {
    return { ...nothing, missing: [`everything: ${redact(toKnownError(error).message)}`] };
  }
}

/** How things stand for an incident; without a situation where that could not be found out. */
export async function look(
  { service, key }: Pick<IncidentRecord, "service" | "key">,
  { store, effects, signal, app, environment, report }: BackgroundOptions,
): Promise<Outlook> {
  const unknown = { situation: null, healedElsewhereAt: null, restartsLeft: 0, actionsLeft: { hour: 0, day: 0 } };
  if (service === null) return unknown;
  const place = { app, environment };
  const scopes = [serviceScope(app, environment, service), keyScope(app, key)];
  try {
    const [situation, healedElsewhereAt, restarts, actions] = await Promise.all([
      withDeadline((deadline) => effects.situation(service, deadline), LOOK_MS, signal),
      healedElsewhere(store.db, place, service),
      restartsLeft(store.db, scopes),
      actionsLeft(store.db, app),
    ]);
    return { situation, healedElsewhereAt, restartsLeft: restarts, actionsLeft: actions };
  } catch (error) {
    if (!signal.aborted) report?.(error);
    return unknown;
  }
}

type Acted = Pick<Extract<LifecycleEvent, { type: "acted" }>, "outcome" | "detail">;

async function act(
  record: IncidentRecord,
  { remedy, number }: { remedy: Remedy; number: number },
  options: BackgroundOptions,
): Promise<Acted> {
  const { store, effects, signal, app, environment } = options;
  const { id, key, service } = record;
  if (service === null) return { outcome: "refused", detail: "the incident names no service" };
  const execution = { store, effects, service, signal };
  try {
    const request = { app, environment, service, incidentId: id, action: number };
    const done =
      remedy === "restart"
        ? await executeRestart(() => RestartTicket.mint(store, { ...request, key }), execution)
        : await executeCounted(remedy, request, execution);
    return "refused" in done ? { outcome: "refused", detail: done.refused } : { outcome: "done", detail: done.detail };
  } catch (error) {
    const { code, message } = toKnownError(error);
    const outcome = code === BUSY ? "busy" : error instanceof PolicyError ? "refused" : "failed";
    return { outcome, detail: options.redact(message) };
  }
}
