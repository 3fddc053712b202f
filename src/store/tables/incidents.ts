import type { Evidence, IncidentAction, IncidentState, RemedyKind, Severity } from "../../contract/incident.ts";
import { bigint, boolean, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from "../drizzle.ts";
import { time } from "./schema.ts";

/** The untyped JSON columns are written and read by the incidents room only, which owns their shape. */
export const incident = pgTable("incident", {
  id: text().primaryKey(),
  app: text().notNull(),
  environment: text().notNull(),
  key: text().notNull(),
  service: text(),
  component: text().notNull(),
  family: text().notNull(),
  state: text().$type<IncidentState>().notNull(),
  severity: text().$type<Severity>().notNull(),
  symptom: text().notNull(),
  occurrence: integer().notNull(),
  previous: text(),
  events: integer().notNull(),
  escalated: boolean().notNull(),
  frozen: boolean().notNull(),
  acknowledged: jsonb(),
  recurring: boolean().notNull(),
  needs: jsonb().$type<string[]>().notNull(),
  flapping: jsonb(),
  suppressed: jsonb(),
  storm: jsonb(),
  judged: text().$type<Severity>(),
  reportedBy: text("reported_by"),
  members: jsonb().notNull(),
  healing: jsonb().notNull(),
  evidence: jsonb().$type<Evidence>(),
  onset: time().notNull(),
  detectedAt: time("detected_at").notNull(),
  failingSince: time("failing_since").notNull(),
  openedAt: time("opened_at").notNull(),
  acknowledgedAt: time("acknowledged_at"),
  mitigatedAt: time("mitigated_at"),
  resolvedAt: time("resolved_at"),
  closedAt: time("closed_at"),
});
export type IncidentRow = typeof incident.$inferSelect;

export const incidentEvent = pgTable(
  "incident_event",
  {
    incidentId: text("incident_id").notNull(),
    seq: integer().notNull(),
    at: time().notNull(),
    kind: text().notNull(),
    text: text().notNull(),
    data: jsonb().$type<Record<string, unknown>>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.incidentId, table.seq] })],
);

export const healAction = pgTable(
  "heal_action",
  {
    incidentId: text("incident_id").notNull(),
    number: integer().notNull(),
    app: text().notNull(),
    environment: text().notNull(),
    service: text(),
    remedy: text().$type<RemedyKind>().notNull(),
    outcome: text().$type<IncidentAction["outcome"]>().notNull(),
    detail: text(),
    evidenceSeq: integer("evidence_seq"),
    ticket: uuid(),
    at: time().notNull(),
    endedAt: time("ended_at"),
    /** Rung of the ladder: 1 sessions, 2 and 3 restarts, 4 redeploy, 5 a person. */
    step: smallint(),
    /** What failed when it was chosen. */
    class: text(),
    /** When the checks had passed for 30 min after it. */
    heldAt: time("held_at"),
  },
  (table) => [primaryKey({ columns: [table.incidentId, table.number] })],
);
export type HealActionRow = typeof healAction.$inferSelect;

export const healScope = pgTable("heal_scope", {
  scope: text().primaryKey(),
  changes: bigint({ mode: "number" }).notNull(),
});

export const healEpoch = pgTable(
  "heal_epoch",
  {
    scope: text().notNull(),
    epoch: integer().notNull(),
    grantedAt: time("granted_at").notNull(),
    reason: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.epoch] })],
);

export const healRestart = pgTable(
  "heal_restart",
  {
    scope: text().notNull(),
    epoch: integer().notNull(),
    slot: smallint().notNull(),
    action: uuid().notNull(),
    intentAt: time("intent_at").notNull(),
    spentAt: time("spent_at"),
    outcome: text().$type<"succeeded" | "failed">(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.epoch, table.slot] })],
);

export const healIntent = pgTable("heal_intent", {
  action: uuid().primaryKey(),
  app: text().notNull(),
  environment: text().notNull(),
  service: text().notNull(),
  remedy: text().$type<Exclude<RemedyKind, "escalate">>().notNull(),
  incidentId: text("incident_id").notNull(),
  number: integer().notNull(),
  intentAt: time("intent_at").notNull(),
  returnedAt: time("returned_at"),
});

export const healHealth = pgTable("heal_health", {
  scope: text().primaryKey(),
  upSince: time("up_since"),
});

export const outbox = pgTable("outbox", {
  id: bigint({ mode: "number" }).generatedAlwaysAsIdentity().primaryKey(),
  app: text().notNull(),
  incidentId: text("incident_id").notNull(),
  channel: text().notNull(),
  event: integer().notNull(),
  message: jsonb().$type<Record<string, unknown>>().notNull(),
  turn: integer().notNull().default(0),
  state: text().$type<"pending" | "delivered" | "dead" | "skipped">().notNull().default("pending"),
  attempts: integer().notNull().default(0),
  /** Whether one of them may have reached somebody. */
  arrived: boolean().notNull().default(false),
  createdAt: time("created_at").notNull(),
  nextAt: time("next_at").notNull(),
  claimedUntil: time("claimed_until"),
  deliveredAt: time("delivered_at"),
  error: text(),
  toldWith: bigint("told_with", { mode: "number" }),
  handOnAt: time("hand_on_at"),
});
export type OutboxRow = typeof outbox.$inferSelect;
