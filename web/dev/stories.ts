import type {
  JournalEntry,
  Rollout,
  RolloutPlan,
  RolloutState,
  RolloutSummary,
  TrafficView,
} from "../../src/contract/rollout.ts";

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
