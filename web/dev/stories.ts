import type { Incident } from "../../src/contract/incident.ts";
import type {
  JournalEntry,
  Rollout,
  RolloutPlan,
  RolloutState,
  RolloutSummary,
  TrafficView,
} from "../../src/contract/rollout.ts";
import { before } from "./fixtures.ts";

const MINUTE = 60_000;

/** `older` serves the api where it is not `fromRelease` that does. */
export function planFor(
  release: string,
  fromRelease: string | null,
  only: readonly string[],
  older?: string,
): RolloutPlan {
  const all = ["api", "web", "worker"];
  return {
    environment: "local",
    strategy: { kind: "canary", steps: [10, 25, 50, 100], everyMs: 120_000, bakeMs: 600_000 },
    release,
    fromRelease,
    kind: "deploy",
    services: all.map((service) => ({
      service,
      action: only.includes(service) && service !== "worker" ? "replace" : "keep",
      changes: service === "api" ? ["files", "env LOG_LEVEL"] : ["files"],
      fromRelease: service === "web" ? fromRelease : (older ?? fromRelease),
      toRelease: release,
      strategy: "canary",
      replicas: 2,
      steps: [10, 25, 50, 100],
      checks: ["GET /health answers 200 three times in a row", "release header read back 5 times through the route"],
    })),
    warnings: ["the working tree has changes that are not committed"],
    hash: "c0ffee",
  };
}

const PATH: readonly RolloutState[] = ["PLANNED", "LEASED", "PREPARED", "STARTED", "VERIFIED", "SHIFTING", "ANALYZING"];

/** The journal of a rollout that came as far as `last`, where the effect of `open` has not ended. */
function journalUntil(last: RolloutState, start: number, open: string): JournalEntry[] {
  const reached = PATH.slice(0, PATH.indexOf(last) + 1);
  let at = start;
  let seq = 0;
  const entry = (key: string, phase: JournalEntry["phase"], step: RolloutState, payload: JournalEntry["payload"]) => {
    seq += 1;
    at += phase === "outcome" ? 130 * seq : 20;
    return { seq, key, phase, step, target: key.split(":")[1] ?? null, payload, at: new Date(at).toISOString() };
  };
  return reached.flatMap((step) =>
    (step === "PLANNED" || step === "LEASED" ? [""] : [":api", ":web"]).flatMap((suffix) => {
      const key = `${step.toLowerCase()}${suffix}`;
      const intent = entry(key, "intent", step, { generation: 12 });
      return step === last && suffix === open
        ? [intent]
        : [intent, entry(key, "outcome", step, { ok: true, units: [`${key}-1`, `${key}-2`] })];
    }),
  );
}

function cleaning(start: number): JournalEntry[] {
  const entry = { key: "stop:api-0", step: "CLEANING", target: "api" } as const;
  const at = (ms: number) => new Date(start + ms).toISOString();
  return [
    { ...entry, seq: 101, phase: "intent", payload: {}, at: at(0) },
    { ...entry, seq: 102, phase: "outcome", payload: { ended: "by itself" }, at: at(240) },
  ];
}

/** A rollout with journal; a FAILED one also has a failure. */
export function rolloutOf(summary: RolloutSummary): Rollout {
  const start = Date.parse(summary.startedAt);
  const failed = summary.state === "FAILED";
  return {
    ...summary,
    plan: planFor(summary.release, summary.fromRelease, ["api", "web"], failed ? "shop-0040" : undefined),
    failure: failed
      ? {
          code: "SM-VERIFY-HEALTH",
          message: "the candidate answered 503 in 3 of 3 tries",
          service: "api",
          next: "stationmaster logs api --release shop-0042",
          logs: [
            "boot: connecting to postgres",
            'error: password authentication failed for user "shop"',
            "<b>not markup</b>",
          ],
          probe: '{"status":"starting","database":"unreachable"}',
        }
      : null,
    journal: failed
      ? [...journalUntil("VERIFIED", start, ":api"), ...cleaning(start + 41_060)]
      : journalUntil("ANALYZING", start, ":web"),
  };
}

export function trafficOf(share: number): TrafficView[] {
  return ["api", "web"].map((service, index) => ({
    service,
    stableRelease: "shop-0043",
    candidateRelease: "shop-0044",
    candidateShare: index === 0 ? share : share / 2.5,
    stable: { requests: 18_204, errors: 3, inflight: 7 },
    candidate: { requests: 2_411, errors: 0, inflight: 2 },
  }));
}

export function incidents(): Incident[] {
  const logs = Array.from(
    { length: 30 },
    (_, index) => `${before((40 - index) * 1_000)} info request ${index} GET /products 200 ${3 + (index % 5)} ms`,
  );
  logs[29] = `${before(10_000)} fatal <script>alert(1)</script> out of memory`;
  const base = {
    environment: "local",
    occurrence: 1,
    failedChecks: ["web.health"],
    evidence: {
      logs,
      metrics: {
        replicas_running: 0,
        replicas: 1,
        last_exit: "SIGKILL",
        cpu_percent: 0,
        memory_mb: 0,
        requests: 18_204,
        errors_5xx: 3,
        inflight: 0,
      },
      changes: [{ at: before(5 * 60 * MINUTE), text: "shop-0043 deployed by alice" }],
      missing: ["container events"],
    },
  };
  return [
    {
      ...base,
      id: "inc-7",
      key: "5e0b7c",
      severity: "SEV2",
      state: "healing",
      service: "web",
      symptom: "answers too slowly",
      openedAt: before(4 * MINUTE),
      detectedAt: before(4 * MINUTE),
      resolvedAt: null,
      acknowledged: false,
      escalated: false,
      restartsLeft: 1,
      actions: [
        { remedy: "clear-sessions", at: before(3.5 * MINUTE), outcome: "skipped", detail: "not an auth symptom" },
        { remedy: "restart", at: before(3 * MINUTE), outcome: "failed", detail: "3 OK in 60 s not reached" },
        { remedy: "restart", at: before(MINUTE), outcome: "running", detail: null },
      ],
      timeline: [
        { seq: 1, at: before(4.2 * MINUTE), kind: "suspect", text: "web.health was slow once", data: {} },
        {
          seq: 2,
          at: before(4 * MINUTE),
          kind: "opened",
          text: "3 of 3 re-checks were slow",
          data: { class: "slow", p95: 612 },
        },
        { seq: 3, at: before(3.9 * MINUTE), kind: "evidence", text: "30 log lines, 4 metrics, 1 change", data: {} },
        { seq: 4, at: before(3 * MINUTE), kind: "action", text: "restart web (first of two)", data: { ticket: 1 } },
        { seq: 5, at: before(2 * MINUTE), kind: "acted", text: "restart did not hold", data: {} },
      ],
    },
    {
      ...base,
      id: "inc-8",
      key: "90cc12",
      severity: "SEV3",
      state: "open",
      service: "worker",
      symptom: "crash loop",
      openedAt: before(2 * MINUTE),
      detectedAt: before(2 * MINUTE),
      resolvedAt: null,
      acknowledged: false,
      escalated: false,
      restartsLeft: 2,
      failedChecks: ["worker.process"],
      actions: [{ remedy: "restart", at: before(MINUTE), outcome: "proposed", detail: "restart, then restart" }],
      timeline: [{ seq: 1, at: before(2 * MINUTE), kind: "opened", text: "worker crash loop", data: {} }],
    },
    {
      ...base,
      id: "inc-6",
      key: "a771d2",
      severity: "SEV1",
      state: "resolved",
      service: "api",
      symptom: "process gone",
      openedAt: before(5 * 60 * MINUTE),
      detectedAt: before(5 * 60 * MINUTE),
      resolvedAt: before(5 * 60 * MINUTE - 9_400),
      acknowledged: true,
      escalated: false,
      restartsLeft: 2,
      failedChecks: ["api.health", "api.login"],
      actions: [
        { remedy: "restart", at: before(5 * 60 * MINUTE - 3_000), outcome: "succeeded", detail: "healthy after 2.1 s" },
      ],
      timeline: [
        { seq: 1, at: before(5 * 60 * MINUTE), kind: "opened", text: "connection refused", data: {} },
        { seq: 2, at: before(5 * 60 * MINUTE - 9_400), kind: "resolved", text: "15 minutes quiet", data: {} },
      ],
    },
  ];
}
