import { type Redactor, redactDeep } from "../core/redact.ts";
import type { Effect, IncidentRecord } from "./types.ts";

/** A line for the ledger. */
export interface AuditEntry {
  actor: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
}

export type Audit = (entry: AuditEntry) => Promise<void> | undefined;

const OURSELVES = "stationmaster";

/** The ledger's line for an event of an incident. Evidence stays with the incident; the ledger keeps its number. */
export function auditOf(
  record: IncidentRecord,
  effect: Extract<Effect, { type: "event" }>,
  redact: Redactor,
): AuditEntry {
  const { kind, text, actor, seq } = effect;
  const data = kind === "evidence" ? {} : effect.data;
  const { environment, service, severity, state } = record;
  const detail = redactDeep({ environment, service, severity, state, event: seq, text, ...data }, redact);
  return { actor: actor ?? OURSELVES, action: `incident.${kind}`, subject: record.id, detail };
}
