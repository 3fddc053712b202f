import type { LogLine } from "../../src/contract/requests.ts";
import type { Release, RolloutSummary } from "../../src/contract/rollout.ts";
import type { Replica, Service } from "../../src/contract/service.ts";

const HOUR = 3_600_000;

/** ISO time `ms` milliseconds ago. */
export function before(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

function replica(service: string, index: number, extra: Partial<Replica> = {}): Replica {
  return {
    id: `${service}-${index}`,
    pid: 41_200 + index,
    port: 45_310 + index,
    state: "running",
    weight: 50,
    inflight: index,
    release: "shop-0043",
    ...extra,
  };
}

export function services(): Service[] {
  return [
    {
      name: "api",
      kind: "http",
      state: "healthy",
      release: "shop-0043",
      url: "http://127.0.0.1:4801",
      critical: true,
      detail: null,
      replicas: [replica("api", 1), replica("api", 2)],
      resources: { cpuPercent: 3.42, memoryBytes: 96_400_000 },
    },
    {
      name: "web",
      kind: "http",
      state: "degraded",
      release: "shop-0043",
      url: "http://127.0.0.1:4802",
      critical: false,
      detail: "answers, but p95 is above 500 ms for 4 minutes",
      replicas: [
        replica("web", 3, { weight: 100 }),
        replica("web", 4, { state: "draining", weight: 0, release: "shop-0042" }),
      ],
      resources: { cpuPercent: 12.1, memoryBytes: 143_000_000 },
    },
    {
      name: "worker",
      kind: "worker",
      state: "healthy",
      release: "shop-0043",
      url: null,
      critical: false,
      detail: null,
      replicas: [replica("worker", 5, { port: null, weight: 0 })],
      resources: null,
    },
  ];
}

function summary(number: number, extra: Partial<RolloutSummary>): RolloutSummary {
  return {
    id: `ro-${number}`,
    environment: "local",
    state: "SUCCEEDED",
    kind: "deploy",
    strategy: "blue-green",
    release: `shop-00${number}`,
    fromRelease: `shop-00${number - 1}`,
    startedAt: before((44 - number) * 5 * HOUR),
    endedAt: before((44 - number) * 5 * HOUR - 41_300),
    reason: null,
    actor: "alice",
    ...extra,
  };
}

export function rollouts(): RolloutSummary[] {
  return [
    summary(44, {
      state: "ANALYZING",
      strategy: "canary",
      startedAt: before(74_000),
      endedAt: null,
      actor: "dashboard",
    }),
    summary(43, {}),
    summary(42, { state: "FAILED", reason: "api never became healthy: GET /health answered 503 in 3 of 3 tries" }),
    summary(41, { kind: "rollback", state: "ROLLED_BACK", reason: "error rate of the candidate 7.1 %, limit 5 %" }),
    summary(40, { fromRelease: null, actor: "stationmaster" }),
  ];
}

export function releases(): Release[] {
  return [44, 43, 42, 41, 40].map((number) => ({
    name: `shop-00${number}`,
    commit: number === 41 ? null : `9f2c1ab40d7e${number}aa01${number === 40 ? "-dirty" : ""}`,
    createdAt: before((44 - number) * 5 * HOUR + 80_000),
    services: ["api", "web", "worker"],
    current: number === 43,
    served: number !== 42 && number !== 44,
    state: number === 42 ? "FAILED" : number === 44 ? "ANALYZING" : "SUCCEEDED",
  }));
}

export const AUDIT_VERDICT = { intact: true, entries: 3, head: "9f2c1ab40d7e", brokenAt: null, why: null };

export const DOCTOR_REPORT = {
  checks: [
    { name: "node", state: "ok", detail: "v24.21.0 on linux-x64", next: null },
    { name: "disk", state: "warning", detail: "0.4 GB free below /var/lib/shop", next: "free disk space" },
  ],
};

export function logLines(replica: string): LogLine[] {
  const texts = [
    "listening on 45311",
    "GET /health 200 1 ms",
    "<img src=x onerror=alert(1)>",
    "GET /products 200 6 ms",
  ];
  return texts.map((text) => ({ replica, text }));
}
