import type { Evidence } from "../contract/incident.ts";
import type { Clock } from "../core/clock.ts";
import { PolicyError, toKnownError } from "../core/errors.ts";
import { type Redactor, redactDeep } from "../core/redact.ts";
import { clip } from "../core/text.ts";
import { withDeadline } from "../notify/deadline.ts";
import type { Store } from "../store/connect.ts";
import { restartsLeft } from "./epochs.ts";
import { type Effects, executeClearSessions, executeRedeploy, executeRestart } from "./execute.ts";
import { EVIDENCE_MS } from "./healing.ts";
import { keyScope, serviceScope } from "./key.ts";
import { healedElsewhere, type Place } from "./rows.ts";
import { RestartTicket } from "./ticket.ts";
import type { Effect, IncidentRecord, LifecycleEvent, Remedy } from "./types.ts";

const LOOK_MS = 10_000;
const LOG_LINES = 30;
const LONGEST_LINE = 2_000;

interface BackgroundOptions extends Place {
  store: Store;
  clock: Clock;
  redact: Redactor;
  effects: Effects;
  /** Aborts when the daemon stops. */
  signal: AbortSignal;
}

/** Does the long work an effect asks for and answers with the event to decide on; undefined when there is nothing to do. Never rejects. */
export async function work(
  record: IncidentRecord,
  effect: Effect,
  options: BackgroundOptions,
): Promise<LifecycleEvent | undefined> {
  const at = () => options.clock.now();
  if (effect.type === "collect")
    return { type: "evidence", work: effect.work, evidence: await collect(record, options), at: at() };
  if (effect.type === "look")
    return { type: "situation", work: effect.work, ...(await look(record, options)), at: at() };
  if (effect.type === "act")
    return { type: "acted", work: effect.work, ...(await act(record, effect, options)), at: at() };
  return undefined;
}

async function collect({ service }: IncidentRecord, { effects, redact, signal }: BackgroundOptions): Promise<Evidence> {
  const nothing = { logs: [], metrics: {}, changes: [] };
  if (service === null) return { ...nothing, missing: ["everything: the check names no service"] };
  try {
    const evidence = await withDeadline((deadline) => effects.collectEvidence(service, deadline), EVIDENCE_MS, signal);
    const kept = redactDeep({ ...evidence, logs: evidence.logs.slice(-LOG_LINES) }, redact);
    // Redacted before it is cut, so that no half of a secret is left at the edge.
    return { ...kept, logs: kept.logs.map((line) => clip(line, LONGEST_LINE)) };
  } catch (error) {
    return { ...nothing, missing: [`everything: ${redact(toKnownError(error).message)}`] };
  }
}

async function look({ service, key }: IncidentRecord, { store, effects, signal, app, environment }: BackgroundOptions) {
  const unknown = { situation: null, healedElsewhereAt: null, restartsLeft: 0 };
  if (service === null) return unknown;
  const place = { app, environment };
  const scopes = [serviceScope(app, environment, service), keyScope(app, key)];
  try {
    const [situation, healedElsewhereAt, left] = await Promise.all([
      withDeadline((deadline) => effects.situation(service, deadline), LOOK_MS, signal),
      healedElsewhere(store.db, place, service),
      restartsLeft(store.db, scopes),
    ]);
    return { situation, healedElsewhereAt, restartsLeft: left };
  } catch {
    return unknown;
  }
}

/** Somebody else works on the environment: not now, and nothing was touched. */
const BUSY = "SM-DEPLOY-BUSY";

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
    if (remedy === "clear-sessions") return { outcome: "done", detail: await executeClearSessions(execution) };
    if (remedy === "redeploy") return { outcome: "done", detail: await executeRedeploy(id, execution) };
    const request = { app, environment, service, key, incidentId: id, action: number };
    const done = await executeRestart(() => RestartTicket.mint(store, request), execution);
    return "refused" in done ? { outcome: "refused", detail: done.refused } : { outcome: "done", detail: done.detail };
  } catch (error) {
    const { code, message } = toKnownError(error);
    const outcome = code === BUSY ? "busy" : error instanceof PolicyError ? "refused" : "failed";
    return { outcome, detail: options.redact(message) };
  }
}
