import { type OutgoingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";
import type { Check, CheckResult } from "../contract/check.ts";
import type { LogLine } from "../contract/requests.ts";
import type { LiveEvent } from "../contract/status.ts";
import { UserError } from "../core/errors.ts";
import { Secret } from "../core/redact.ts";
import type { UseCases } from "../daemon/usecases.ts";
import { selectChecks } from "../watch/select.ts";
import { AT, answers, rollout, status, rolloutSummary as summary } from "./answers/testing.ts";

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
    findChecks: async (query) => selectChecks(answers.checks, query),
    check: async (name) =>
      answers.checks.find(({ id }) => id === name) ?? known("CHECK", name, "web/health", answers.checks[0] as Check),
    runCheck: async (name, actor) => changed(answers.results[0] as CheckResult, "runCheck", name, actor),
    workers: async () => ({ workers: [], shards: 64, unowned: 0, scheduler: null }),
    heartbeat: async (id) => known("CHECK", id, "backup", answers.heartbeat),
    renewHeartbeat: async (id, actor) =>
      known("CHECK", id, "backup", changed(answers.heartbeat, "renewHeartbeat", id, actor)),
    beat: async (token, beat) => changed(known("HEARTBEAT", token, "beat-token", undefined), "beat", beat),
    knowsJob: (token) => token === "beat-token",
    devops: async (what) => changed(answers.devops, "devops", what),
    clearDevops: async (...call) => changed(answers.devops, "clearDevops", ...call),
    results: async (id) => known("CHECK", id, "web/health", answers.results),
    slo: async () => answers.slo,
    series: async (id) => known("CHECK", id, "web/health", answers.series),
    incidents: async (query) => changed(status.incidents, "incidents", query),
    incident: async (id) => known("INCIDENT", id, "inc-1", answers.incident),
    healingPlan: async (id) => known("INCIDENT", id, "inc-1", answers.healingPlan),
    decline: async (...call) => changed(answers.incident, "decline", ...call),
    healNow: async (...call) => changed(answers.incident, "healNow", ...call),
    healingFigures: async (days) => changed(answers.healing, "healingFigures", days),
    acknowledge: async (...call) => changed({ ...answers.incident, acknowledged: true }, "acknowledge", ...call),
    setSeverity: async (...call) => changed(answers.incident, "setSeverity", ...call),
    setFrozen: async (...call) => changed(answers.incident, "setFrozen", ...call),
    closeReview: async (...call) => changed(answers.incident, "closeReview", ...call),
    reportIncident: async (...call) => changed(answers.incident, "reportIncident", ...call),
    silences: async (query) => changed([answers.silence], "silences", query),
    previewSilence: async () => ({ silence: answers.silence, warnings: [] }),
    calling: async () => answers.calling,
    addSilence: async (...call) => changed({ silence: answers.silence, warnings: [] }, "addSilence", ...call),
    endSilence: async (...call) => changed(answers.silence, "endSilence", ...call),
    approve: async (...call) => changed(answers.incident, "approve", ...call),
    report: async (query) => changed(answers.report, "report", query),
    reports: async () => answers.storedReports,
    actionItems: async (incident) => changed([answers.actionItem], "actionItems", incident),
    addActionItem: async (...call) => changed(answers.actionItem, "addActionItem", ...call),
    finishActionItem: async (id, actor) =>
      known("ACTION", id, "act-1", changed(answers.actionItem, "finishActionItem", id, actor)),
    drill: async (check, actor) => known("CHECK", check, "web/health", changed(answers.drill, "drill", check, actor)),
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
    alertHook: async () => ({
      secret: new Secret("ALERTS", HOOK_SECRET),
      take: async (notification) => changed(notification.alerts.length, "take", notification),
    }),
    statusPage: async () => answers.statusPage,
    publishIncident: async (id, text, actor) =>
      known("INCIDENT", id, "inc-1", changed({ id, at: AT, text }, "publishIncident", id, text, actor)),
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
    notifications: async (query) => changed(answers.notifications, "notifications", query),
    testNotifications: async (...call) => changed(answers.channelTests, "testNotifications", ...call),
    pagerHook: async (channel) =>
      channel === "page" || channel === "genie"
        ? {
            kind: channel === "page" ? "pagerduty" : "opsgenie",
            secret: new Secret("PAGER", HOOK_SECRET),
            acknowledge: async (...call) => changed(call[0] === "key-1", "pagerAcknowledge", ...call),
          }
        : undefined,
    audit: async (limit) => changed(answers.audit, "audit", limit),
    verifyAudit: async () => answers.verdict,
    doctor: async () => answers.doctor,
    repository: async (query) => changed(answers.repository, "repository", query),
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
