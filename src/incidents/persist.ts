import { type Redactor, redactDeep } from "../core/redact.ts";
import type { Outbox } from "../notify/outbox.ts";
import type { Queryable } from "../store/connect.ts";
import { and, eq } from "../store/drizzle.ts";
import { healAction, incident, incidentEvent } from "../store/tables/incidents.ts";
import { grant } from "./epochs.ts";
import { keyScope } from "./key.ts";
import { failedChecks } from "./members.ts";
import { type LinksOf, messageOf } from "./message.ts";
import { toRow } from "./rows.ts";
import type { Decision, Effect, IncidentRecord } from "./types.ts";

interface PersistOptions {
  app: string;
  redact: Redactor;
  notify: Pick<Outbox, "enqueue">;
  links: LinksOf;
}

/** Writes a decision: the incident, its timeline, its actions and its messages, all in the caller's transaction. */
export async function persist(
  tx: Queryable,
  before: IncidentRecord | null,
  { state, effects }: Decision,
  options: PersistOptions,
): Promise<void> {
  if (state === null) {
    if (before) await tx.delete(incident).where(eq(incident.id, before.id));
    return;
  }
  const { app: _app, id: _id, ...change } = toRow(redactDeep(state, options.redact), options.app);
  if (before) await tx.update(incident).set(change).where(eq(incident.id, state.id));
  else await tx.insert(incident).values(toRow(redactDeep(state, options.redact), options.app));
  for (const effect of effects) await write(tx, state, effect, options);
}

async function write(
  tx: Queryable,
  record: IncidentRecord,
  effect: Effect,
  { app, redact, notify, links }: PersistOptions,
): Promise<void> {
  const { id: incidentId, environment, service, key } = record;
  const mine = (number: number) => and(eq(healAction.incidentId, incidentId), eq(healAction.number, number));
  if (effect.type === "event") {
    const { seq, kind } = effect;
    const data = redactDeep(effect.actor === null ? effect.data : { ...effect.data, actor: effect.actor }, redact);
    await tx
      .insert(incidentEvent)
      .values({ incidentId, seq, at: new Date(effect.at), kind, text: redact(effect.text), data });
  } else if (effect.type === "notify") {
    const pages = links({ id: incidentId, checks: failedChecks(record) });
    await notify.enqueue(tx, redactDeep(messageOf(record, effect, { project: app, links: pages }), redact));
  } else if (effect.type === "action") {
    const { number, remedy, step, outcome, evidenceSeq, class: failure } = effect;
    const at = new Date(effect.at);
    const endedAt = outcome === "proposed" || outcome === "running" ? null : at;
    const detail = effect.detail === null ? null : redact(effect.detail);
    await tx.insert(healAction).values({
      ...{ incidentId, number, app, environment, service, remedy, step, class: failure },
      ...{ outcome, detail, evidenceSeq, at, endedAt },
    });
  } else if (effect.type === "begin") {
    const change = {
      outcome: "running" as const,
      remedy: effect.remedy,
      step: effect.step,
      at: new Date(effect.at),
      detail: effect.detail,
    };
    await tx.update(healAction).set(change).where(mine(effect.number));
  } else if (effect.type === "conclude") {
    const change = {
      outcome: effect.outcome,
      endedAt: new Date(effect.at),
      detail: effect.detail === null ? null : redact(effect.detail),
    };
    await tx.update(healAction).set(change).where(mine(effect.number));
  } else if (effect.type === "grant") {
    await grant(tx, keyScope(app, key), `incident ${incidentId} opened`);
  }
}
