import { type OutgoingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";
import { Check, CheckSeries } from "../contract/check.ts";
import { Approval, Freeze, Lock, QueuedDeploy } from "../contract/hold.ts";
import { Incident } from "../contract/incident.ts";
import { MigrationHistory, MigrationReport } from "../contract/migration.ts";
import { Preview } from "../contract/preview.ts";
import type { LogLine } from "../contract/requests.ts";
import { Release, Rollout, RolloutPlan, TrafficView } from "../contract/rollout.ts";
import { AuditEntry, AuditVerdict, DoctorReport, type LiveEvent, Status } from "../contract/status.ts";
import { UserError } from "../core/errors.ts";
import { Secret } from "../core/redact.ts";
import type { UseCases } from "../daemon/usecases.ts";

const AT = "2026-03-01T10:00:00.000Z";
export const HOOK_SECRET = "whispered-to-github";

/** Use cases in memory for tests: fixed, contract-valid answers, and a record of what was asked. */
export interface FakeHouse {
  usecases: UseCases;
  /** Name and arguments of every call except reads. */
  calls: unknown[][];
  emit(event: LiveEvent): void;
  writeLog(line: LogLine): void;
  /** How many listen to events and to logs. */
  listeners(): { events: number; logs: number };
}

export const answers = {
  checks: Check.array().parse([check("web/health", "UP", 42), check("api/login", "UNKNOWN", null)]),
  series: CheckSeries.parse({ check: "web/health", stepMs: 60_000, points: [point()] }),
  incident: Incident.parse({
    id: "inc-1",
    key: "k1",
    severity: "SEV2",
    state: "healing",
    environment: "local",
    service: "web",
    symptom: "GET /health answers 500",
    openedAt: AT,
    resolvedAt: null,
    acknowledged: false,
    escalated: false,
    actions: [{ remedy: "restart", at: AT, outcome: "running", detail: null }],
    detectedAt: AT,
    failedChecks: ["web/health"],
    occurrence: 1,
    restartsLeft: 1,
    evidence: {
      logs: ["<script>alert(1)</script>"],
      metrics: { cpu: 1 },
      changes: [{ at: AT, text: "r2" }],
      missing: [],
    },
    timeline: [{ seq: 1, at: AT, kind: "opened", text: "opened", data: { check: "web/health" } }],
  }),
  plan: RolloutPlan.parse({
    environment: "local",
    strategy: { kind: "blue-green", steps: [100], everyMs: 0, bakeMs: 1_000 },
    release: "r2",
    fromRelease: "r1",
    kind: "deploy",
    services: [plannedService()],
    warnings: [],
    hash: "h",
  }),
  traffic: TrafficView.array().parse([
    {
      service: "web",
      stableRelease: "r1",
      candidateRelease: "r2",
      candidateShare: 10,
      stable: { requests: 90, errors: 0, inflight: 1 },
      candidate: { requests: 10, errors: 1, inflight: 0 },
    },
  ]),
  releases: Release.array().parse([
    { name: "r2", commit: null, createdAt: AT, services: ["web"], current: true, served: true, state: "SUCCEEDED" },
  ]),
  logs: [{ replica: "web-1", text: "listening" }] satisfies LogLine[],
  audit: AuditEntry.array().parse([{ seq: 1, at: AT, actor: "web", action: "deploy", subject: "r2", detail: {} }]),
  verdict: AuditVerdict.parse({ intact: true, entries: 1, head: "abc", brokenAt: null, why: null }),
  migrations: MigrationReport.parse({
    ...{ environment: "local", release: "r2", services: [], migrations: [], backfills: [], recorded: false },
  }),
  migrationHistory: MigrationHistory.parse({ environment: "local", services: [], runs: [], backfills: [] }),
  queued: QueuedDeploy.parse({
    ...{ id: "ro-2", environment: "local", release: "r2", actor: "web", opensAt: AT, waitsFor: null },
  }),
  lock: Lock.parse({ environment: "local", holder: "web", reason: "the database moves", since: AT }),
  freeze: Freeze.parse({
    ...{ id: "fr-1", environment: "local", reason: "the fair", who: "web" },
    ...{ from: AT, until: null },
  }),
  approval: Approval.parse({
    ...{ id: "ap-1", environment: "local", release: "r2", what: "qa", who: "web" },
    ...{ evidence: null, at: AT },
  }),
  preview: Preview.parse({
    ...{ name: "pr-7", state: "running", ready: true, reason: null, url: "http://pr-7.shop.example", ref: "login" },
    ...{ commit: "abc", fork: false, host: "h1", createdAt: AT, usedAt: AT, expiresAt: null },
  }),
  doctor: DoctorReport.parse({ checks: [{ name: "git", state: "ok", detail: "2.50", next: null }] }),
} as const;

export const rollout = Rollout.parse({
  ...{ id: "ro-1", environment: "local", state: "SUCCEEDED", kind: "deploy", strategy: "blue-green", release: "r2" },
  ...{ fromRelease: "r1", startedAt: AT, endedAt: AT, reason: null, actor: "web", plan: answers.plan, failure: null },
  journal: [{ seq: 1, key: "start:web", phase: "intent", step: "STARTED", target: "web", payload: {}, at: AT }],
});

const { plan: _plan, failure: _failure, journal: _journal, ...summary } = rollout;
export const rolloutSummary = summary;

export const status = Status.parse({
  project: "shop",
  environment: "local",
  services: [service("web", "healthy"), service("api", "down"), service("mail", "unknown")],
  incidents: [answers.incident],
  rollouts: [summary],
  daemon: { running: true, pid: 1, url: null, startedAt: AT },
});

export function createFakeHouse(): FakeHouse {
  const calls: unknown[][] = [];
  const events = new Set<(event: LiveEvent) => void>();
  const logs = new Set<(line: LogLine) => void>();
  const changed = <T>(answer: T, ...call: unknown[]) => {
    calls.push(call);
    return answer;
  };
  const known = <T>(kind: string, given: string, id: string, answer: T) => {
    if (given === id) return answer;
    throw new UserError({ code: `SM-${kind}-UNKNOWN`, message: `there is no "${given}"`, next: "look at the list" });
  };
  const usecases: UseCases = {
    status: async () => status,
    checks: async () => answers.checks,
    series: async (id) => known("CHECK", id, "web/health", answers.series),
    incidents: async (query) => changed(status.incidents, "incidents", query),
    incident: async (id) => known("INCIDENT", id, "inc-1", answers.incident),
    acknowledge: async (...call) => changed({ ...answers.incident, acknowledged: true }, "acknowledge", ...call),
    approve: async (...call) => changed(answers.incident, "approve", ...call),
    rollouts: async (limit) => changed([summary], "rollouts", limit),
    rollout: async (id) => known("ROLLOUT", id, "ro-1", rollout),
    traffic: async (id) => known("ROLLOUT", id, "ro-1", answers.traffic.slice()),
    plan: async (...call) => changed(answers.plan, "plan", ...call),
    planRollback: async (request) => changed(answers.plan, "planRollback", request),
    deploy: async (...call) => changed(summary, "deploy", ...call),
    rollback: async (...call) => changed(summary, "rollback", ...call),
    migrations: async (...call) => changed(answers.migrations, "migrations", ...call),
    migrationHistory: async () => answers.migrationHistory,
    planContract: async (request) => changed(answers.plan, "planContract", request),
    contract: async (...call) => changed(summary, "contract", ...call),
    queueDeploy: async (...call) => changed(answers.queued, "queueDeploy", ...call),
    queued: async () => answers.queued,
    unqueue: async (...call) => changed(answers.queued, "unqueue", ...call),
    vouch: async (...call) => changed(answers.approval, "vouch", ...call),
    approvals: async () => [answers.approval],
    lock: async (...call) => changed(answers.lock, "lock", ...call),
    unlock: async (...call) => changed(answers.lock, "unlock", ...call),
    freeze: async (...call) => changed(answers.freeze, "freeze", ...call),
    freezes: async () => [answers.freeze],
    unfreeze: async (id, actor) => known("FREEZE", id, "fr-1", changed(answers.freeze, "unfreeze", id, actor)),
    previews: async () => [answers.preview],
    openPreview: async (...call) => changed(answers.preview, "openPreview", ...call),
    closePreview: async (name, actor) =>
      known("PREVIEW", name, "pr-7", changed(answers.preview, "closePreview", name, actor)),
    wakePreview: async (name, actor) =>
      known("PREVIEW", name, "pr-7", changed(answers.preview, "wakePreview", name, actor)),
    removePreview: async (name, actor) =>
      known("PREVIEW", name, "pr-7", changed(answers.preview, "removePreview", name, actor)),
    previewHook: async (environment = "preview") =>
      environment === "preview"
        ? { secret: new Secret("WEBHOOK", HOOK_SECRET), look: () => void calls.push(["look"]) }
        : undefined,
    promote: async (...call) => changed(summary, "promote", ...call),
    abort: async (...call) => changed(summary, "abort", ...call),
    releases: async () => answers.releases,
    logs: async ({ service: name, lines }) => known("SERVICE", name, "web", lastOf(answers.logs, lines)),
    followLogs: ({ service: name, lines }, onLine, signal) => {
      for (const line of known("SERVICE", name, "web", lastOf(answers.logs, lines))) onLine(line);
      logs.add(onLine);
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve(void logs.delete(onLine)), { once: true });
      });
    },
    restart: async (name, actor) => known("SERVICE", name, "web", changed(undefined, "restart", name, actor)),
    audit: async (limit) => changed(answers.audit, "audit", limit),
    verifyAudit: async () => answers.verdict,
    doctor: async () => answers.doctor,
    subscribe: (listener) => {
      events.add(listener);
      return () => void events.delete(listener);
    },
  };
  return {
    usecases,
    calls,
    emit: (event) => {
      for (const listener of events) listener(event);
    },
    writeLog: (line) => {
      for (const listener of logs) listener(line);
    },
    listeners: () => ({ events: events.size, logs: logs.size }),
  };
}

function lastOf<T>(list: readonly T[], count: number): T[] {
  return list.slice(list.length - Math.min(count, list.length));
}

interface RawAnswer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** A request as written: paths are not tidied and any header can be set, `Host` too. */
export function rawRequest(
  url: string,
  {
    path = "/",
    method = "GET",
    headers = {},
    body = "",
  }: { path?: string; method?: string; headers?: OutgoingHttpHeaders; body?: string },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path, method, headers, agent: false }, (incoming) => {
      const { statusCode = 0, headers: received } = incoming;
      text(incoming).then((read) => resolve({ status: statusCode, headers: received, body: read }), reject);
    });
    outgoing.on("error", reject).end(body);
  });
}

/** Waits until `ready` holds, looking often; a test's own time limit ends it. */
export async function until(ready: () => boolean): Promise<void> {
  while (!ready()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function check(id: string, verdict: string, p95: number | null) {
  const at = { service: id.split("/")[0], type: "http", target: "GET /health", everyMs: 1_000, critical: true };
  return { id, ...at, verdict, since: AT, lastResult: null, uptime24h: p95 && 0.999, p50: p95, p95, p99: p95 };
}

function point() {
  return { at: AT, ok: 60, slow: 0, fail: 0, unknown: 0, p50: 1, p95: 2, p99: 3 };
}

function plannedService() {
  const change = { service: "web", action: "replace", changes: ["start"], fromRelease: "r1", toRelease: "r2" };
  return { ...change, strategy: "blue-green", replicas: 1, steps: [100], checks: ["/health"] };
}

function service(name: string, state: string) {
  const replica = { id: `${name}-1`, pid: 1, port: 2, state: "running", weight: 100, inflight: 0, release: "r2" };
  const about = { kind: "http", release: "r2", url: "http://127.0.0.1:8080", critical: true, detail: null };
  return { name, state, ...about, replicas: [replica], resources: null };
}
