import { z } from "zod";
import { IncidentState, Severity } from "../contract/incident.ts";

export const MessageKind = z.enum([
  "opened",
  "reopened",
  "severity",
  "proposal",
  "escalated",
  "update",
  "acknowledged",
  "recovering",
  "resolved",
  // No incident: somebody did what others should know. `incident` then names that deed.
  "notice",
]);
export type MessageKind = z.infer<typeof MessageKind>;

/** What people and programs are told about an incident; JSON version 1 of the webhook. It holds no log lines. */
export const Message = z.object({
  version: z.literal(1),
  kind: MessageKind,
  /** Number of the incident's event: rises within an incident, and a repeat of a number is a repeat of the message. */
  event: z.number().int(),
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
  }),
  /** One line: what happened. */
  text: z.string(),
  /** What Stationmaster is doing about it. */
  doing: z.string(),
  /** What the reader should do. */
  todo: z.string(),
  links: z.array(z.object({ title: z.string(), url: z.string() })),
});
export type Message = z.infer<typeof Message>;

/** The message in one line of text: severity and place, what, since when, what is done, what to do, where to look. */
export function messageLine(message: Message): string {
  const { severity, service, symptom, id, since, state } = message.incident;
  const over = state === "monitoring" || state === "resolved";
  const parts = [message.text];
  if (!message.text.includes(symptom)) parts.push(over ? `it was: ${symptom}` : symptom);
  if (!over) parts.push(`since ${since.slice(0, 19)}Z`);
  parts.push(message.doing, message.todo, ...message.links.map((link) => link.url));
  return `${severity} ${message.environment}/${service}: ${parts.join("; ")} (${id})`.replace(/\s*\n\s*/g, " ");
}
