import { z } from "zod";
import { Approval } from "../../../src/contract/hold.ts";
import { IncidentSummary } from "../../../src/contract/incident.ts";
import { Preview } from "../../../src/contract/preview.ts";
import { Release, RolloutSummary, TrafficView } from "../../../src/contract/rollout.ts";
import { AuditEntry } from "../../../src/contract/status.ts";

/** Envelopes of the list answers; their contents are the contract's. */
export const Incidents = z.object({ incidents: z.array(IncidentSummary) });
export const Rollouts = z.object({ rollouts: z.array(RolloutSummary) });
export const Traffic = z.object({ services: z.array(TrafficView) });
export const Releases = z.object({ releases: z.array(Release) });
export const Accepted = z.object({ rollout: RolloutSummary });

export const Approvals = z.object({ approvals: z.array(Approval) });
export const Previews = z.object({ previews: z.array(Preview) });
export const Audit = z.object({ entries: z.array(AuditEntry) });
