import { z } from "zod";

/** What a pager says that concerns an incident: somebody has taken it. */
interface PagerAcknowledgement {
  /** Our key of the incident. */
  key: string;
  person: string;
}

const PagerDuty = z.object({
  event: z.object({
    event_type: z.string(),
    agent: z.object({ summary: z.string().nullish() }).nullish(),
    data: z.object({ incident_key: z.string().nullish() }),
  }),
});

const Opsgenie = z.object({
  action: z.string(),
  alert: z.object({ alias: z.string(), username: z.string().nullish() }),
});

/** Reads an event of PagerDuty (webhooks v3) or of Opsgenie; undefined for any but an acknowledgement. Throws `ZodError`. */
export function acknowledgementIn(kind: "pagerduty" | "opsgenie", payload: unknown): PagerAcknowledgement | undefined {
  if (kind === "opsgenie") {
    const { action, alert } = Opsgenie.parse(payload);
    return action === "Acknowledge" ? { key: alert.alias, person: nameOf(alert.username) } : undefined;
  }
  const { event_type, agent, data } = PagerDuty.parse(payload).event;
  if (event_type !== "incident.acknowledged" || !data.incident_key) return undefined;
  return { key: data.incident_key, person: nameOf(agent?.summary) };
}

/** Fit for the audit: what is no plain name loses what is not. */
function nameOf(text: string | null | undefined): string {
  return (
    (text ?? "")
      .replace(/[^\w.@ -]/g, "")
      .trim()
      .slice(0, 64) || "somebody"
  );
}
