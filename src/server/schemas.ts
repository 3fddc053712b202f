import { z } from "@hono/zod-openapi";
import * as check from "../contract/check.ts";
import * as incident from "../contract/incident.ts";
import * as requests from "../contract/requests.ts";
import * as rollout from "../contract/rollout.ts";
import * as status from "../contract/status.ts";

/** The contract under the names it has in `/openapi.json`. */
export const Status = status.Status.openapi("Status");
export const Check = check.Check.openapi("Check");
export const CheckSeries = check.CheckSeries.openapi("CheckSeries");
export const IncidentSummary = incident.IncidentSummary.openapi("IncidentSummary");
export const Incident = incident.Incident.openapi("Incident");
export const RolloutSummary = rollout.RolloutSummary.openapi("RolloutSummary");
export const Rollout = rollout.Rollout.openapi("Rollout");
export const RolloutPlan = rollout.RolloutPlan.openapi("RolloutPlan");
export const TrafficView = rollout.TrafficView.openapi("TrafficView");
export const Release = rollout.Release.openapi("Release");
export const AuditEntry = status.AuditEntry.openapi("AuditEntry");
export const AuditVerdict = status.AuditVerdict.openapi("AuditVerdict");
export const DoctorReport = status.DoctorReport.openapi("DoctorReport");
export const LiveEvent = status.LiveEvent.openapi("LiveEvent");
export const LogLine = requests.LogLine.openapi("LogLine");
export const DeployRequest = requests.DeployRequest.openapi("DeployRequest");
export const RollbackRequest = requests.RollbackRequest.openapi("RollbackRequest");
export const AcknowledgeRequest = requests.AcknowledgeRequest.openapi("AcknowledgeRequest");
const ApiError = status.ApiError.openapi("ApiError");

/** `follow` answers the last `lines` lines and then every new one; `lines=0` only the new ones. */
export const LogQuery = requests.LogQuery.extend({
  lines: z.coerce.number().int().min(0).max(5_000).default(100),
  follow: requests.LogQuery.shape.follow.openapi({ type: "boolean", default: false }),
});

export const Limit = z.coerce.number().int().min(1).max(1_000).default(50);
export const ById = z.object({ id: z.string() });
export const ByName = z.object({ name: z.string() });

/** A JSON answer or body for `createRoute`. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { "application/json": { schema } } };
}

/** A required JSON body for `createRoute`. */
export function body<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/json": { schema } } };
}

/** The error answers every route may give. */
export const failures = {
  400: json(ApiError, "The request is wrong; the message names the field"),
  401: json(ApiError, "The token is missing or wrong"),
  403: json(ApiError, "The request comes from another site or names another host"),
  404: json(ApiError, "No such thing"),
  409: json(ApiError, "Refused by policy: an approval, a freeze, or another rollout stands in the way"),
  413: json(ApiError, "The body is larger than 64 KiB"),
  415: json(ApiError, "The body is not JSON"),
  500: json(ApiError, "A fault of Stationmaster"),
  502: json(ApiError, "Something outside failed: a process, a host, the database"),
} as const;
