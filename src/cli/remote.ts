import { z } from "zod";
import { Check, CheckSeries } from "../contract/check.ts";
import { Approval, Freeze, Lock, QueuedDeploy } from "../contract/hold.ts";
import { Incident, IncidentSummary } from "../contract/incident.ts";
import { MigrationHistory, MigrationReport } from "../contract/migration.ts";
import { Preview } from "../contract/preview.ts";
import { LogLine, type LogRequest } from "../contract/requests.ts";
import { Release, Rollout, RolloutPlan, RolloutSummary, TrafficView } from "../contract/rollout.ts";
import { AuditEntry, AuditVerdict, DoctorReport, LiveEvent, Status } from "../contract/status.ts";
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
    checks: async () => (await get("/api/checks", z.object({ checks: z.array(Check) }))).checks,
    series: (check, window) => get(route`/api/checks/${check}/series?window=${window}`, CheckSeries),
    incidents: async ({ state, limit }) => {
      const schema = z.object({ incidents: z.array(IncidentSummary) });
      return (await get(route`/api/incidents?state=${state}&limit=${limit}`, schema)).incidents;
    },
    incident: (id) => get(route`/api/incidents/${id}`, Incident),
    acknowledge: (id, actor, note) => post(route`/api/incidents/${id}/acknowledge`, Incident, { note }, actor),
    approve: (id, actor) => post(route`/api/incidents/${id}/approve`, Incident, {}, actor),
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

/** A path with its values encoded. */
function route(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return String.raw({ raw: parts }, ...values.map((value) => encodeURIComponent(value)));
}

/** Hands on what the schema knows; a newer daemon may send more kinds. */
function deliver<S extends z.ZodType>(schema: S, data: string, receive: (item: z.output<S>) => void): void {
  const parsed = schema.safeParse(readJson(data));
  if (parsed.success) receive(parsed.data);
}
