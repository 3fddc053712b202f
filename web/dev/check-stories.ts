import type { Check, CheckResult, CheckSeries, Verdict } from "../../src/contract/check.ts";
import type { Heartbeat } from "../../src/contract/heartbeat.ts";
import type { SloReport } from "../../src/contract/slo.ts";
import type { Workers } from "../../src/contract/worker.ts";
import { before } from "./fixtures.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function check(service: string, extra: Partial<Check>): Check {
  return {
    id: `${service}.health`,
    service,
    type: "http",
    target: `GET http://127.0.0.1:4801/health`,
    everyMs: 5_000,
    critical: service === "api",
    verdict: "UP",
    since: before(7 * HOUR),
    dependsOn: [],
    runbook: null,
    lastResult: {
      ...{ at: before(2_000), kind: "scheduled", outcome: "ok", class: null, detail: null, durationMs: 4.2 },
      phases: { queue: 0.4, resolve: 0, connect: 0.3, tls: 0, processing: 3.3, transfer: 0.2 },
      facts: {},
    },
    uptime24h: 0.99962,
    p50: 3.1,
    p95: 8.4,
    p99: 21,
    ...extra,
  };
}

export function checks(): Check[] {
  const slow = {
    at: before(1_000),
    kind: "scheduled",
    outcome: "slow",
    class: "slow",
    detail: "612 ms",
    durationMs: 612,
    phases: { queue: 1, resolve: 2, connect: 9, tls: 0, processing: 588, transfer: 12 },
    facts: {},
  };
  return [
    check("api", {}),
    check("api", {
      id: "api.login",
      type: "steps",
      target: "POST /login, GET /me",
      everyMs: 60_000,
      p50: 42,
      p95: 88,
      p99: 120,
    }),
    check("web", {
      verdict: "DEGRADED",
      since: before(4 * MINUTE),
      lastResult: { ...slow, kind: "scheduled", outcome: "slow" },
      p50: 240,
      p95: 612,
      p99: 1_240,
      target: "GET http://127.0.0.1:4802/",
    }),
    check("worker", {
      id: "worker.process",
      type: "process",
      target: "process of worker",
      p50: null,
      p95: null,
      p99: null,
      uptime24h: 1,
    }),
  ];
}

const STEPS = { "1h": MINUTE, "24h": 15 * MINUTE, "7d": 2 * HOUR, "90d": 24 * HOUR } as const;
const SPANS = { "1h": HOUR, "24h": 24 * HOUR, "7d": 7 * 24 * HOUR, "90d": 90 * 24 * HOUR } as const;

/** A series with a gap at its beginning and one outage; process checks have no latency. */
export function series(id: string, window: keyof typeof STEPS): CheckSeries {
  const stepMs = STEPS[window];
  const count = SPANS[window] / stepMs;
  const base = id.startsWith("web") ? 240 : 3;
  const points = Array.from({ length: count }, (_, index) => {
    const wave = 1 + 0.3 * Math.sin(index / 3) + (index % 11 === 0 ? 0.6 : 0);
    const timed = !id.includes("process");
    const down = window !== "1h" && index === Math.round(count * 0.7);
    const fail = down ? Math.round(stepMs / 9_000) : index === Math.round(count * 0.85) ? 1 : 0;
    return {
      at: before(SPANS[window] - index * stepMs),
      ok: Math.round(stepMs / 5_000) - fail,
      slow: 0,
      fail,
      unknown: 0,
      p50: timed ? base * wave : null,
      p95: timed ? base * wave * 2.4 : null,
      p99: timed ? base * wave * 4.1 : null,
    };
  });
  return { check: id, stepMs, points: points.slice(window === "1h" ? 0 : Math.round(count / 8)) };
}

/** Checks that are not those of services: one down, a job, a certificate. */
export function furtherChecks(): Check[] {
  return [
    check("worker", {
      id: "local/check/queue",
      type: "redis",
      target: "PING localhost:6379",
      verdict: "DOWN",
      since: before(12 * MINUTE),
      dependsOn: ["cache"],
      runbook: "https://wiki.example.com/queue",
      lastResult: {
        ...{ at: before(3_000), kind: "confirmation", outcome: "fail", class: "refused", durationMs: 1.4 },
        ...{ detail: "connection refused <b>by</b> localhost:6379", phases: null, facts: {} },
      },
      ...{ uptime24h: 0.971, p50: 1.2, p95: 2.1, p99: 3 },
    }),
    check("worker", {
      ...{ id: "local/check/backup", service: null, type: "heartbeat", target: "a call each day", everyMs: MINUTE },
      ...{ p50: null, p95: null, p99: null, uptime24h: 1, lastResult: null },
    }),
    check("api", {
      ...{ id: "local/check/certificate", service: null, type: "tls", target: "shop.example.com:443" },
      lastResult: {
        ...{ at: before(40_000), kind: "scheduled", outcome: "ok", class: null, detail: null, durationMs: 61 },
        phases: { queue: 0.2, resolve: 12, connect: 14, tls: 35, processing: 0, transfer: 0 },
        facts: { secondsLeft: 5_184_000, notAfter: Math.round(Date.now() / 1_000) + 5_184_000 },
      },
    }),
  ];
}

const VERDICTS: readonly Verdict[] = ["DOWN", "DEGRADED", "INTERMITTENT", "SUSPECT", "UNKNOWN"];

/** As many checks as a large installation has; one in 997 does not pass. */
export function manyChecks(count: number): Check[] {
  return Array.from({ length: count }, (_, index) =>
    check("api", {
      id: `local/check/shop-${String(index).padStart(5, "0")}`,
      service: ["api", "web", "worker"][index % 3] ?? null,
      target: `GET https://shop-${index}.example.com/health`,
      p95: 1 + (index % 500),
      verdict: index % 997 === 5 ? (VERDICTS[index % VERDICTS.length] ?? "DOWN") : "UP",
    }),
  );
}

/** What is kept of single runs: some that failed, and those around. */
export function results(): CheckResult[] {
  return Array.from({ length: 12 }, (_, index) => {
    const fails = index > 3 && index < 7;
    return {
      at: before(index * 30_000 + 4_000),
      kind: index === 5 || index === 4 ? "confirmation" : "scheduled",
      outcome: fails ? "fail" : "ok",
      class: fails ? "http-5xx" : null,
      detail: fails ? "answered 503 Service Unavailable" : null,
      durationMs: fails ? 3.2 : 5 + index,
      phases: null,
      facts: {},
    };
  });
}

export function heartbeat(check: string): Heartbeat {
  return {
    ...{ check, path: "/hb/beat-token", url: "http://127.0.0.1:4700/hb/beat-token" },
    ...{ periodMs: 24 * HOUR, graceMs: HOUR, startedAt: before(7 * HOUR), okAt: before(6 * HOUR), failedAt: null },
    dueAt: new Date(Date.now() + 19 * HOUR).toISOString(),
  };
}

export function objectives(): SloReport[] {
  const kept = { windowDays: 30, coverage: 0.9981, runs: 518_000 };
  return [
    {
      ...{ name: "api", service: "api", objective: 0.999, attained: 0.99962, budgetLeft: 0.62, ...kept },
      ...{ burn: { "1h": 0, "6h": 0.2, "3d": 0.4 }, alert: null, downtimeMinutes: 12 },
    },
    {
      ...{ name: "web", service: "web", objective: 0.9995, attained: 0.99958, budgetLeft: 0.16, ...kept },
      ...{ burn: { "1h": 3.1, "6h": 2.4, "3d": 1.2 }, alert: "burn:1", downtimeMinutes: 184 },
    },
    {
      ...{ name: "worker", service: "worker", objective: 0.99, attained: 0.9812, budgetLeft: -0.88, ...kept },
      ...{ burn: { "1h": 18.2, "6h": 9, "3d": 2.1 }, alert: "burn:14.4", downtimeMinutes: 812 },
    },
    {
      ...{ name: "check/queue", service: null, objective: 0.99, attained: null, budgetLeft: null, ...kept },
      ...{ burn: { "1h": null, "6h": null, "3d": null }, alert: null, coverage: null, downtimeMinutes: null },
    },
  ];
}

export function workers(): Workers {
  const worker = (id: string, extra: Partial<Workers["workers"][number]>) => ({
    ...{ id, role: "worker" as const, host: "watch-1", pid: 4_200, startedAt: before(8 * HOUR), seenAt: before(2_000) },
    ...{ live: true, leads: false, shards: 32, ...extra },
  });
  return {
    workers: [
      worker("wrk-1", { role: "daemon", leads: true }),
      worker("wrk-2", { host: "watch-2" }),
      worker("wrk-3", { host: "watch-3", live: false, shards: 0, seenAt: before(11 * MINUTE) }),
    ],
    ...{ shards: 64, unowned: 0 },
    scheduler: {
      ...{ latenessP50: 0.4, latenessP99: 6.2, inflight: { fast: 3, slow: 1 }, slots: 32, skipped: 2, slowed: 0 },
    },
  };
}
