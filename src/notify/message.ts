import { z } from "zod";
import { IncidentState, Severity } from "../contract/incident.ts";

export const MessageKind = z.enum([
  "opened",
  "reopened",
  "severity",
  "proposal",
  "escalated",
  "reminder",
  "update",
  "acknowledged",
  "recovering",
  "resolved",
  // No incident: somebody did what others should know. `incident` then names that deed.
  "notice",
  // No incident either: what was looked at, for reading. It calls nobody.
  "report",
  // Somebody tries the channel; nothing is wrong.
  "test",
]);
export type MessageKind = z.infer<typeof MessageKind>;

/** An incident that is told of together with another one. */
const Also = z.object({ id: z.string(), severity: Severity, service: z.string(), text: z.string() });

/** What people and programs are told about an incident; JSON version 1 of the webhook. It holds no log lines. */
export const Message = z.object({
  version: z.literal(1),
  kind: MessageKind,
  /** Number of the incident's event: rises within an incident, and a repeat of a number (and turn) is a repeat of the message. */
  event: z.number().int(),
  /** Left out: 0. Calls again about the same event count up. */
  turn: z.number().int().optional(),
  at: z.iso.datetime(),
  project: z.string(),
  environment: z.string(),
  incident: z.object({
    id: z.string(),
    key: z.string(),
    state: IncidentState,
    severity: Severity,
    service: z.string(),
    symptom: z.string(),
    /** Since when it fails this time. */
    since: z.iso.datetime(),
    failedChecks: z.array(z.string()),
    occurrence: z.number().int(),
    acknowledged: z.boolean(),
    /** Whether something critical fails. */
    critical: z.boolean().optional(),
    /** Whether it fails and passes in turn. */
    flapping: z.boolean().optional(),
  }),
  /** One line: what happened. */
  text: z.string(),
  /** What the first failing check says. */
  detail: z.string().optional(),
  /** The last change before it began, where one is known. */
  cause: z.string().optional(),
  /** Where the stored evidence is: `<incident>#<event>`. */
  evidence: z.array(z.string()).optional(),
  /** What Stationmaster is doing about it. */
  doing: z.string(),
  /** What the reader should do. */
  todo: z.string(),
  links: z.array(z.object({ title: z.string(), url: z.string() })),
  /** A text of many lines in Markdown, such as a report. */
  body: z.string().optional(),
  also: z.array(Also).optional(),
  /** It tells people and calls nobody: they were called about it a short time ago. */
  quiet: z.boolean().optional(),
  /** Until when the plan it proposes can be approved. */
  approveUntil: z.iso.datetime().optional(),
  /** That plan cannot be approved any more. */
  withdrawn: z.boolean().optional(),
});
export type Message = z.infer<typeof Message>;

/** Names the message for good: a repeat has the same name. */
export function messageName({ incident, event, turn = 0 }: Message): string {
  return turn === 0 ? `${incident.id}:${event}` : `${incident.id}:${event}:${turn}`;
}

/** Whether the trouble it tells of goes on. */
export function isFailing({ incident }: Message): boolean {
  return incident.state === "open" || incident.state === "healing";
}
