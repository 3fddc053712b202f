import { z } from "@hono/zod-openapi";
import * as alert from "../contract/alert.ts";
import * as check from "../contract/check.ts";
import * as checkList from "../contract/check-list.ts";
import * as devops from "../contract/devops.ts";
import * as healing from "../contract/healing.ts";
import * as heartbeat from "../contract/heartbeat.ts";
import * as hold from "../contract/hold.ts";
import * as incident from "../contract/incident.ts";
import * as migration from "../contract/migration.ts";
import * as notification from "../contract/notification.ts";
import * as preview from "../contract/preview.ts";
import * as report from "../contract/report.ts";
import * as repository from "../contract/repository.ts";
import * as requests from "../contract/requests.ts";
import * as rollout from "../contract/rollout.ts";
import * as silence from "../contract/silence.ts";
import * as slo from "../contract/slo.ts";
import * as status from "../contract/status.ts";
import * as statusPage from "../contract/status-page.ts";
import * as worker from "../contract/worker.ts";

/** A schema made before this library was loaded has no `openapi` method; a copy made now has one. */
function named<S extends z.ZodType>(schema: S, name: string): S {
  return schema.clone().openapi(name) as S;
}

/** The contract under the names it has in `/openapi.json`. */
export const Status = named(status.Status, "Status");
export const Check = named(check.Check, "Check");
export const Workers = named(worker.Workers, "Workers");
export const CheckList = named(checkList.CheckList, "CheckList");
export const CheckResult = named(check.CheckResult, "CheckResult");
export const SloReport = named(slo.SloReport, "SloReport");
export const CheckSeries = named(check.CheckSeries, "CheckSeries");
export const DevOpsAnswer = named(devops.DevOpsAnswer, "DevOpsAnswer");
export const Heartbeat = named(heartbeat.Heartbeat, "Heartbeat");
export const IncidentSummary = named(incident.IncidentSummary, "IncidentSummary");
export const Incident = named(incident.Incident, "Incident");
export const HealingPlan = named(healing.HealingPlan, "HealingPlan");
export const HealingFigures = named(healing.HealingFigures, "HealingFigures");
export const DeclineRequest = named(healing.DeclineRequest, "DeclineRequest");
export const NotificationState = named(notification.NotificationState, "NotificationState");
export const Notification = named(notification.Notification, "Notification");
export const Calling = named(notification.Calling, "Calling");
export const ChannelTest = named(notification.ChannelTest, "ChannelTest");
export const NotifyTestRequest = named(notification.NotifyTestRequest, "NotifyTestRequest");
export const Report = named(report.Report, "Report");
export const StoredReport = named(report.StoredReport, "StoredReport");
export const ActionItem = named(report.ActionItem, "ActionItem");
export const ActionItemRequest = named(report.ActionItemRequest, "ActionItemRequest");
export const Drill = named(report.Drill, "Drill");
export const RolloutSummary = named(rollout.RolloutSummary, "RolloutSummary");
export const Rollout = named(rollout.Rollout, "Rollout");
export const RolloutPlan = named(rollout.RolloutPlan, "RolloutPlan");
export const TrafficView = named(rollout.TrafficView, "TrafficView");
export const Release = named(rollout.Release, "Release");
export const AuditEntry = named(status.AuditEntry, "AuditEntry");
export const AuditVerdict = named(status.AuditVerdict, "AuditVerdict");
export const DoctorReport = named(status.DoctorReport, "DoctorReport");
export const RepositoryView = named(repository.RepositoryView, "RepositoryView");
export const LiveEvent = named(status.LiveEvent, "LiveEvent");
export const LogLine = named(requests.LogLine, "LogLine");
export const DeployRequest = named(requests.DeployRequest, "DeployRequest");
export const RollbackRequest = named(requests.RollbackRequest, "RollbackRequest");
export const Approval = named(hold.Approval, "Approval");
export const Lock = named(hold.Lock, "Lock");
export const Freeze = named(hold.Freeze, "Freeze");
export const QueuedDeploy = named(hold.QueuedDeploy, "QueuedDeploy");
export const VouchRequest = named(requests.VouchRequest, "VouchRequest");
export const LockRequest = named(requests.LockRequest, "LockRequest");
export const UnlockRequest = named(requests.UnlockRequest, "UnlockRequest");
export const FreezeRequest = named(requests.FreezeRequest, "FreezeRequest");
export const Preview = named(preview.Preview, "Preview");
export const PreviewRequest = named(preview.PreviewRequest, "PreviewRequest");
export const MigrationsRequest = named(migration.MigrationsRequest, "MigrationsRequest");
export const ContractRequest = named(migration.ContractRequest, "ContractRequest");
export const MigrationHistory = named(migration.MigrationHistory, "MigrationHistory");
export const MigrationReport = named(migration.MigrationReport, "MigrationReport");
export const Silence = named(silence.Silence, "Silence");
export const SilenceAnswer = named(silence.SilenceAnswer, "SilenceAnswer");
export const SilenceRequest = named(silence.SilenceRequest, "SilenceRequest");
export const CloseReviewRequest = named(requests.CloseReviewRequest, "CloseReviewRequest");
export const SeverityRequest = named(requests.SeverityRequest, "SeverityRequest");
export const FrozenRequest = named(requests.FrozenRequest, "FrozenRequest");
export const ReportRequest = named(requests.ReportRequest, "ReportRequest");
export const AcknowledgeRequest = named(requests.AcknowledgeRequest, "AcknowledgeRequest");
export const AlertNotification = named(alert.AlertNotification, "AlertNotification");
export const StatusPage = named(statusPage.StatusPage, "StatusPage");
export const PublicNote = named(statusPage.PublicNote, "PublicNote");
export const PublishRequest = named(statusPage.PublishRequest, "PublishRequest");
const ApiError = named(status.ApiError, "ApiError");

export const LogQuery = requests.LogQuery.extend({
  follow: requests.LogQuery.shape.follow.clone().openapi({ type: "boolean", default: false }),
});

export const CheckQuery = checkList.CheckQuery.extend({
  failing: checkList.CheckQuery.shape.failing.clone().openapi({ type: "boolean" }),
  reverse: checkList.CheckQuery.shape.reverse.clone().openapi({ type: "boolean" }),
});

export const RepositoryQuery = repository.RepositoryQuery.extend({
  fresh: repository.RepositoryQuery.shape.fresh.clone().openapi({ type: "boolean", default: false }),
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
  503: json(ApiError, "The server is stopping"),
} as const;
