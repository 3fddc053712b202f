import { z } from "zod";
import { Check, CheckResult, CheckSeries } from "../contract/check.ts";
import { CheckList, searchOf } from "../contract/check-list.ts";
import { DevOpsAnswer } from "../contract/devops.ts";
import { HealingFigures, HealingPlan } from "../contract/healing.ts";
import { Heartbeat } from "../contract/heartbeat.ts";
import { Approval, Freeze, Lock, QueuedDeploy } from "../contract/hold.ts";
import { Incident, IncidentSummary } from "../contract/incident.ts";
import { MigrationHistory, MigrationReport } from "../contract/migration.ts";
import { Calling, ChannelTest, Notification } from "../contract/notification.ts";
import { Preview } from "../contract/preview.ts";
import { ActionItem, Drill, Report, type ReportQuery, StoredReport } from "../contract/report.ts";
import { RepositoryView } from "../contract/repository.ts";
import { LogLine, type LogRequest } from "../contract/requests.ts";
import { Release, Rollout, RolloutPlan, RolloutSummary, TrafficView } from "../contract/rollout.ts";
import { Silence, SilenceAnswer } from "../contract/silence.ts";
import { SloReport } from "../contract/slo.ts";
import { AuditEntry, AuditVerdict, DoctorReport, LiveEvent, Status } from "../contract/status.ts";
import { PublicNote, StatusPage } from "../contract/status-page.ts";
import { Workers } from "../contract/worker.ts";
import type { UseCases } from "../daemon/usecases.ts";
import { follow } from "./remote/follow.ts";
import { ask, type Daemon, openStream, readJson } from "./remote/request.ts";

/** Planning reads every file of the application, and healing waits for processes. */
const LONG_MS = 120_000;
/** Builds and migrations take the time they take. */
const REHEARSAL_MS = 20 * 60_000;
/** Failed attempts in a row before following a log is given up: about 20 seconds. */
const LOG_ATTEMPTS = 8;

const Begun = z.object({ rollout: RolloutSummary });

/**
 * The use cases of a running daemon, over HTTP; `find` says before each call where it is now. Errors are those of the daemon; when it does not answer `SM-DAEMON-GONE`,
 * `SM-DAEMON-SLOW` or `SM-DAEMON-ANSWER`.
 */
export function createRemote(find: () => Promise<Daemon>): UseCases {
  async function get<S extends z.ZodType>(path: string, schema: S, deadlineMs?: number) {
    return await ask(await find(), path, schema, { deadlineMs });
  }
  async function post<S extends z.ZodType>(path: string, schema: S, body: unknown, actor?: string) {
    return await ask(await find(), path, schema, { method: "POST", body, actor, deadlineMs: LONG_MS });
  }
  async function begin(path: string, body: unknown, actor: string) {
    return (await post(path, Begun, body, actor)).rollout;
  }

  return {
    status: () => get("/api/status", Status),
    workers: () => get("/api/workers", Workers),
    checks: async () => (await get("/api/checks", z.object({ checks: z.array(Check) }))).checks,
    findChecks: (query) => get(`/api/checks?${searchOf(query)}`, CheckList),
    check: (name) => get(route`/api/checks/${name}`, Check),
    runCheck: (name, actor) => post(route`/api/checks/${name}/run`, CheckResult, {}, actor),
    heartbeat: (check) => get(route`/api/checks/${check}/heartbeat`, Heartbeat),
    renewHeartbeat: (check, actor) => post(route`/api/checks/${check}/heartbeat/token`, Heartbeat, {}, actor),
    series: (check, window) => get(route`/api/checks/${check}/series?window=${window}`, CheckSeries),
    results: async (check, limit) => {
      const schema = z.object({ results: z.array(CheckResult) });
      return (await get(route`/api/checks/${check}/results?limit=${limit}`, schema)).results;
    },
    slo: async () => (await get("/api/slo", z.object({ objectives: z.array(SloReport) }))).objectives,
    incidents: async ({ state, check, limit }) => {
      const schema = z.object({ incidents: z.array(IncidentSummary) });
      const only = check === undefined ? "" : route`&check=${check}`;
      return (await get(route`/api/incidents?state=${state}&limit=${limit}` + only, schema)).incidents;
    },
    incident: (id) => get(route`/api/incidents/${id}`, Incident),
    acknowledge: (id, actor, note) => post(route`/api/incidents/${id}/acknowledge`, Incident, { note }, actor),
    publishIncident: (id, text, actor) => post(route`/api/incidents/${id}/publish`, PublicNote, { text }, actor),
    statusPage: () => get("/status.json", StatusPage),
    setSeverity: (id, severity, actor, note) =>
      post(route`/api/incidents/${id}/severity`, Incident, { severity, note }, actor),
    setFrozen: (id, frozen, actor) => post(route`/api/incidents/${id}/freeze`, Incident, { frozen }, actor),
    closeReview: (id, actor, note) => post(route`/api/incidents/${id}/close`, Incident, { note }, actor),
    reportIncident: (request, actor) => post("/api/incidents", Incident, request, actor),
    silences: async ({ past } = { past: false }) => {
      const schema = z.object({ silences: z.array(Silence) });
      return (await get(`/api/silences?state=${past ? "all" : "standing"}`, schema)).silences;
    },
    previewSilence: (request) => post("/api/silences/preview", SilenceAnswer, request),
    addSilence: (request, actor) => post("/api/silences", SilenceAnswer, request, actor),
    endSilence: async (id, actor) =>
      await ask(await find(), route`/api/silences/${id}`, Silence, { method: "DELETE", actor, deadlineMs: LONG_MS }),
    approve: (id, actor) => post(route`/api/incidents/${id}/approve`, Incident, {}, actor),
    devops: (what) => get(route`/api/devops/${what}`, DevOpsAnswer),
    clearDevops: (what, actor) => post(route`/api/devops/cleanup/${what}`, DevOpsAnswer, {}, actor),
    healingPlan: (id) => get(route`/api/incidents/${id}/plan`, HealingPlan),
    decline: (id, actor, reason) => post(route`/api/incidents/${id}/decline`, Incident, { reason }, actor),
    healNow: (id, actor) => post(route`/api/incidents/${id}/heal`, Incident, {}, actor),
    healingFigures: (days) => get(route`/api/healing?days=${days}`, HealingFigures),
    calling: () => get("/api/notifications/channels", Calling),
    notifications: async ({ incident, state, limit }) => {
      const schema = z.object({ notifications: z.array(Notification) });
      const of = incident === undefined ? "" : route`&incident=${incident}`;
      const only = of + (state === undefined ? "" : route`&state=${state}`);
      return (await get(route`/api/notifications?limit=${limit}` + only, schema)).notifications;
    },
    testNotifications: async (request, actor) =>
      (await post("/api/notifications/test", z.object({ channels: z.array(ChannelTest) }), request, actor)).channels,
    report: (query) => get(reportRoute(query), Report, LONG_MS),
    reports: async () => (await get("/api/reports", z.object({ reports: z.array(StoredReport) }))).reports,
    actionItems: async (incident) => {
      const only = incident === undefined ? "" : route`?incident=${incident}`;
      return (await get(`/api/action-items${only}`, z.object({ items: z.array(ActionItem) }))).items;
    },
    addActionItem: (id, request, actor) => post(route`/api/incidents/${id}/action-items`, ActionItem, request, actor),
    finishActionItem: (id, actor) => post(route`/api/action-items/${id}/done`, ActionItem, {}, actor),
    drill: (check, actor) => post(route`/api/checks/${check}/drill`, Drill, {}, actor),
    rollouts: async (limit) => {
      const schema = z.object({ rollouts: z.array(RolloutSummary) });
      return (await get(route`/api/rollouts?limit=${limit}`, schema)).rollouts;
    },
    rollout: (id) => get(route`/api/rollouts/${id}`, Rollout),
    traffic: async (id) => {
      const schema = z.object({ services: z.array(TrafficView) });
      return (await get(route`/api/rollouts/${id}/traffic`, schema)).services;
    },
    plan: (request, actor) => post("/api/plan", RolloutPlan, request, actor),
    planRollback: (request) => post("/api/plan/rollback", RolloutPlan, request),
    // These begin a rollout whatever the request says; `plan` answers the plan.
    deploy: (request, actor) => begin("/api/deploy", { ...request, planOnly: false }, actor),
    rollback: (request, actor) => begin("/api/rollback", { ...request, planOnly: false }, actor),
    migrations: async (request, actor) =>
      await ask(await find(), "/api/migrations", MigrationReport, {
        method: "POST",
        body: request,
        actor,
        deadlineMs: REHEARSAL_MS,
      }),
    migrationHistory: () => get("/api/migrations", MigrationHistory),
    planContract: (request, actor) => post("/api/plan/contract", RolloutPlan, request, actor),
    contract: (request, actor) => begin("/api/contract", { ...request, planOnly: false }, actor),
    queueDeploy: (request, actor) => post("/api/deploy/queue", QueuedDeploy, request, actor),
    queued: async () => (await get("/api/deploy/queue", z.object({ queued: QueuedDeploy.nullable() }))).queued,
    unqueue: (actor, id) => post("/api/deploy/unqueue", QueuedDeploy, { id }, actor),
    vouch: (request, actor) => post("/api/approvals", Approval, request, actor),
    approvals: async () => (await get("/api/approvals", z.object({ approvals: z.array(Approval) }))).approvals,
    lock: (request, actor) => post("/api/lock", Lock, request, actor),
    unlock: (request, actor) => post("/api/unlock", Lock, request, actor),
    freeze: (request, actor) => post("/api/freezes", Freeze, request, actor),
    freezes: async () => (await get("/api/freezes", z.object({ freezes: z.array(Freeze) }))).freezes,
    unfreeze: (id, actor) => post(route`/api/freezes/${id}/lift`, Freeze, {}, actor),
    previews: async () => (await get("/api/previews", z.object({ previews: z.array(Preview) }))).previews,
    openPreview: (request, actor) => post("/api/previews", Preview, request, actor),
    closePreview: (name, actor) => post(route`/api/previews/${name}/close`, Preview, {}, actor),
    wakePreview: (name, actor) => post(route`/api/previews/${name}/wake`, Preview, {}, actor),
    removePreview: (name, actor) => post(route`/api/previews/${name}/remove`, Preview, {}, actor),
    promote: (id, actor) => begin(route`/api/rollouts/${id}/promote`, {}, actor),
    abort: (id, actor) => begin(route`/api/rollouts/${id}/abort`, {}, actor),
    releases: async () => (await get("/api/releases", z.object({ releases: z.array(Release) }))).releases,
    logs: async (request) => {
      const schema = z.object({ lines: z.array(LogLine) });
      return (await get(logRoute(request), schema)).lines;
    },
    followLogs: (request, onLine, signal) => {
      let { lines } = request;
      return follow({
        open: async (until) => {
          const stream = await openStream(await find(), `${logRoute({ ...request, lines })}&follow=true`, until);
          // Opened again, it goes on; the last lines have been told.
          lines = 0;
          return stream;
        },
        onData: (data) => deliver(LogLine, data, onLine),
        signal,
        attempts: LOG_ATTEMPTS,
      });
    },
    restart: async (service, actor) => {
      await post(route`/api/services/${service}/restart`, z.object({}), {}, actor);
    },
    audit: async (limit) => {
      const schema = z.object({ entries: z.array(AuditEntry) });
      return (await get(route`/api/audit?limit=${limit}`, schema)).entries;
    },
    verifyAudit: () => get("/api/audit/verify", AuditVerdict, LONG_MS),
    doctor: () => get("/api/doctor", DoctorReport, LONG_MS),
    repository: ({ fresh }) => get(route`/api/repository?fresh=${String(fresh)}`, RepositoryView, LONG_MS),
    subscribe: (listener) => {
      const leaving = new AbortController();
      const missed = () => {
        listener({ type: "status" });
        listener({ type: "checks" });
      };
      void follow({
        open: async (until) => openStream(await find(), "/api/events", until),
        onData: (data) => deliver(LiveEvent, data, listener),
        onReturn: missed,
        signal: leaving.signal,
        attempts: Number.POSITIVE_INFINITY,
      }).catch(() => {});
      return () => leaving.abort();
    },
  };
}

function logRoute({ service, lines, release }: LogRequest): string {
  const only = release === undefined ? "" : route`&release=${release}`;
  return route`/api/services/${service}/logs?lines=${lines}` + only;
}

function reportRoute(query: ReportQuery): string {
  if (query.kind === "incident" || query.kind === "postmortem") return route`/api/reports/${query.kind}/${query.id}`;
  if (query.kind === "healing") return route`/api/reports/healing?days=${query.days}`;
  if (query.kind === "audit" && query.week !== undefined) return route`/api/reports/audit?week=${query.week}`;
  if (query.kind === "daily" && query.day !== undefined) return route`/api/reports/daily?day=${query.day}`;
  return route`/api/reports/${query.kind}`;
}

/** A path with its values encoded. */
function route(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return String.raw({ raw: parts }, ...values.map((value) => encodeURIComponent(value)));
}

/** Hands on what the schema knows; a newer daemon may send more kinds. */
function deliver<S extends z.ZodType>(schema: S, data: string, receive: (item: z.output<S>) => void): void {
  const parsed = schema.safeParse(readJson(data));
  if (parsed.success) receive(parsed.data);
}
