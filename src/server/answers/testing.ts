import { Check, CheckResult, CheckSeries } from "../../contract/check.ts";
import { DevOpsAnswer } from "../../contract/devops.ts";
import { HealingFigures, HealingPlan } from "../../contract/healing.ts";
import { Heartbeat } from "../../contract/heartbeat.ts";
import { Approval, Freeze, Lock, QueuedDeploy } from "../../contract/hold.ts";
import { Incident } from "../../contract/incident.ts";
import { MigrationHistory, MigrationReport } from "../../contract/migration.ts";
import { Calling, ChannelTest, Notification } from "../../contract/notification.ts";
import { Preview } from "../../contract/preview.ts";
import { ActionItem, Drill, Report, StoredReport } from "../../contract/report.ts";
import { RepositoryView } from "../../contract/repository.ts";
import type { LogLine } from "../../contract/requests.ts";
import { Release, Rollout, RolloutPlan, TrafficView } from "../../contract/rollout.ts";
import { Silence } from "../../contract/silence.ts";
import { SloReport } from "../../contract/slo.ts";
import { AuditEntry, AuditVerdict, DoctorReport, Status } from "../../contract/status.ts";
import { StatusPage } from "../../contract/status-page.ts";

export const AT = "2026-03-01T10:00:00.000Z";

const HEALED = { actions: 2, verified: 1, held: 1, failed: 1, declined: 0, undone: 0, success: 0.5, regret: 0 };

/** One valid answer of each use case, for tests. */
export const answers = {
  checks: Check.array().parse([check("web/health", "UP", 42), check("api/login", "UNKNOWN", null)]),
  series: CheckSeries.parse({ check: "web/health", stepMs: 60_000, points: [point()] }),
  results: CheckResult.array().parse([
    {
      at: AT,
      kind: "scheduled",
      outcome: "fail",
      class: "http-5xx",
      detail: "answered 500",
      durationMs: 12,
      phases: null,
      facts: {},
    },
  ]),
  slo: SloReport.array().parse([
    {
      ...{ name: "web", service: "web", objective: 0.999, windowDays: 30, attained: 0.9995, budgetLeft: 0.5 },
      ...{ burn: { "1h": 0, "6h": 0.2, "3d": null }, alert: null, coverage: 0.99, runs: 5_000, downtimeMinutes: 3 },
    },
  ]),
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
    notifications: [],
  }),
  healingPlan: HealingPlan.parse({
    ...{ incident: "inc-1", service: "web", mode: "propose", phase: "proposed", underWay: null, after: ["redeploy"] },
    next: {
      remedy: "restart",
      step: 2,
      rung: 1,
      name: "restart of web (1 of 2)",
      evidence: "inc-1#2",
      graceMs: 60_000,
    },
    ...{ refused: [], veto: { rule: "deploying", reason: "a deployment is in progress" }, notBefore: null },
    ...{ stopped: null, well: false, validUntil: AT, left: { restarts: 2, actionsThisHour: 4, actionsToday: 10 } },
  }),
  healing: HealingFigures.parse({
    since: AT,
    total: HEALED,
    steps: [{ step: 2, remedy: "restart", ...HEALED }],
    classes: [],
  }),
  report: Report.parse({
    markdown: "## Healing",
    data: { kind: "healing", days: 30, figures: { since: AT, total: HEALED, steps: [], classes: [] } },
  }),
  storedReports: StoredReport.array().parse([
    {
      kind: "audit",
      period: "2026-W09",
      madeAt: AT,
      issue: { number: 7, url: "https://github.com/acme/shop/issues/7" },
    },
    { kind: "daily", period: "2026-02-28", madeAt: AT },
  ]),
  actionItem: ActionItem.parse({
    ...{ id: "act-1", incident: "inc-1", text: "raise the pool", owner: "bob", due: "2026-03-10" },
    ...{ createdBy: "web", createdAt: AT, doneBy: null, doneAt: null },
  }),
  drill: Drill.parse({
    ...{ id: "drill-1", check: "web/health", type: "http", actor: "web", at: AT, outcome: "paged" },
    ...{ detectMs: 13_000, pageMs: 80, channel: "page" },
  }),
  silence: Silence.parse({
    ...{ id: "sil-1", kind: "silence", environment: "local", matcher: { service: "web" } },
    ...{ author: "alice", reason: "new disks", from: AT, until: AT, recurrence: null, active: true, checks: [] },
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
  statusPage: StatusPage.parse({
    ...{ title: "Shop status", url: null, generatedAt: AT, state: "operational" },
    services: [{ name: "Shop", state: "operational", stale: false, uptime90d: 1, days: [] }],
    incidents: [],
  }),
  releases: Release.array().parse([
    { name: "r2", commit: null, createdAt: AT, services: ["web"], current: true, served: true, state: "SUCCEEDED" },
  ]),
  logs: [{ replica: "web-1", text: "listening" }] satisfies LogLine[],
  audit: AuditEntry.array().parse([{ seq: 1, at: AT, actor: "web", action: "deploy", subject: "r2", detail: {} }]),
  verdict: AuditVerdict.parse({ intact: true, entries: 1, head: "abc", brokenAt: null, why: null }),
  migrations: MigrationReport.parse({
    ...{ environment: "local", release: "r2", services: [], migrations: [], backfills: [], recorded: false },
  }),
  notifications: Notification.array().parse([
    {
      ...{ id: 1, incident: "inc-1", service: "web", event: 1, kind: "opened", severity: "SEV1" },
      ...{ channel: "page", text: "web is down" },
      ...{ state: "delivered", createdAt: AT, nextAt: null, deliveredAt: AT, attempts: 1, error: null, toldWith: null },
    },
  ]),
  calling: Calling.parse({
    channels: [
      {
        ...{ name: "page", kind: "webhook", delivered: 3, dead: 0, skipped: 1, waiting: 0 },
        ...{ lastSuccessAt: AT, lastError: null, lastTest: { at: AT, accepted: true }, oldestWaitingAt: null },
      },
    ],
    escalation: [{ severity: "SEV1", levels: [{ to: ["page"], afterMs: 0 }], hours: null }],
  }),
  channelTests: ChannelTest.array().parse([{ channel: "page", accepted: true, ms: 12, error: null }]),
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
  heartbeat: Heartbeat.parse({
    ...{ check: "backup", path: "/hb/beat-token", url: null, periodMs: 1, graceMs: 1 },
    ...{ startedAt: null, okAt: AT, failedAt: null, dueAt: AT },
  }),
  devops: DevOpsAnswer.parse({ status: 200, body: { removed: 3 } }),
  doctor: DoctorReport.parse({ checks: [{ name: "git", state: "ok", detail: "2.50", next: null }] }),
  repository: RepositoryView.parse({
    ...{ project: "shop", target: "compose", lookedAt: AT, tookMs: 12, assumptions: [], findings: [] },
    scan: {
      ...{ root: "/srv/shop", services: [], platforms: [], conflicts: [], gaps: [], facts: {}, nearMisses: [] },
      ...{ requirements: [], notUnderstood: [], warnings: [] },
    },
    generate: {
      files: [],
      findings: [],
      created: [],
      modified: [],
      deleted: [],
      proposed: [],
      blocked: false,
      notes: [],
    },
  }),
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

function check(id: string, verdict: string, p95: number | null) {
  const at = { service: id.split("/")[0], type: "http", target: "GET /health", everyMs: 1_000, critical: true };
  const said = { dependsOn: [], runbook: null };
  return { id, ...at, ...said, verdict, since: AT, lastResult: null, uptime24h: p95 && 0.999, p50: p95, p95, p99: p95 };
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
