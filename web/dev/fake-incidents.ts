import type { Context, Hono } from "hono";
import { DeclineRequest, HealingPlan } from "../../src/contract/healing.ts";
import { Incident, IncidentSummary, isOver } from "../../src/contract/incident.ts";
import { AcknowledgeRequest, CloseReviewRequest, FrozenRequest, SeverityRequest } from "../../src/contract/requests.ts";
import type { LiveEvent } from "../../src/contract/status.ts";
import { PublicNote, PublishRequest } from "../../src/contract/status-page.ts";
import { planFor } from "./incident-stories.ts";

interface Stage {
  incidents: Incident[];
  announce(event: LiveEvent): void;
}

/** The routes of incidents and of what people do to them. */
export function addIncidents(app: Hono, { incidents, announce }: Stage): void {
  const unknown = {
    error: { code: "SM-INCIDENT-UNKNOWN", message: "no such incident", next: "look at the list", exitCode: 2 },
  };
  const found = (c: Context) => incidents.find(({ id }) => id === c.req.param("id"));

  /** A change of an incident; answers it afterwards. */
  function order(verb: string, change: (incident: Incident, body: unknown) => void): void {
    app.post(`/api/incidents/:id/${verb}`, async (c) => {
      const incident = found(c);
      if (!incident) return c.json(unknown, 404);
      change(incident, await c.req.json());
      announce({ type: "incident", id: incident.id });
      return c.json(Incident.parse(incident));
    });
  }

  app.get("/api/incidents", (c) => {
    const shown = incidents.filter(({ state }) => {
      if (c.req.query("state") === "all") return true;
      return c.req.query("state") === "review" ? state === "review" : !isOver(state);
    });
    return c.json({ incidents: IncidentSummary.array().parse(shown) });
  });
  app.get("/api/incidents/:id", (c) => {
    const incident = found(c);
    return incident ? c.json(Incident.parse(incident)) : c.json(unknown, 404);
  });
  app.get("/api/incidents/:id/plan", (c) => {
    const incident = found(c);
    return incident ? c.json(HealingPlan.parse(planFor(incident))) : c.json(unknown, 404);
  });
  order("acknowledge", (incident, body) => {
    AcknowledgeRequest.parse(body);
    incident.acknowledged = true;
  });
  order("approve", (incident) => answerProposal(incident, "running"));
  order("decline", (incident, body) => {
    answerProposal(incident, "declined", DeclineRequest.parse(body).reason);
  });
  order("severity", (incident, body) => {
    incident.severity = SeverityRequest.parse(body).severity;
  });
  order("freeze", (incident, body) => {
    const { frozen } = FrozenRequest.parse(body);
    incident.flags = [
      ...(incident.flags ?? []).filter((flag) => flag !== "frozen"),
      ...(frozen ? ["frozen" as const] : []),
    ];
  });
  order("close", (incident, body) => {
    CloseReviewRequest.parse(body);
    incident.state = "closed";
  });
  app.post("/api/incidents/:id/publish", async (c) => {
    const { text } = PublishRequest.parse(await c.req.json());
    return c.json(PublicNote.parse({ id: c.req.param("id"), at: new Date().toISOString(), text }));
  });
}

function answerProposal(incident: Incident, outcome: "running" | "declined", detail?: string): void {
  for (const action of incident.actions)
    if (action.outcome === "proposed") Object.assign(action, { outcome, ...(detail && { detail }) });
}
