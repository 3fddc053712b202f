import type { JournalEntry, PowerTable, PreflightRow, Rollout, RolloutPlan, TrafficView } from "./rollout.ts";

/** Rollouts on several hosts as tests and the dashboard's development server show them. */
export type HostStory = "canary" | "judged" | "stuck" | "inconclusive";

interface StoryOptions {
  /** How many hosts. */
  count?: number;
  /** Epoch ms at which it is looked at. */
  now?: number;
}

const SERVICES = ["api", "web"];
const NEEDED = 300;
const DECIDE = "decide with stationmaster promote ro-inconclusive or stationmaster abort ro-inconclusive";

export const POWER: PowerTable = {
  service: "api",
  rps: 20,
  errorRate: 0.01,
  share: 10,
  withinSeconds: 600,
  rows: [
    { from: 0.001, to: 0.01, caught: 0.83, medianSeconds: 308, candidateErrors: 7 },
    { from: 0.001, to: 0.05, caught: 1, medianSeconds: 44, candidateErrors: 5 },
    { from: 0.01, to: 0.02, caught: 0.07, medianSeconds: null, candidateErrors: null },
    { from: 0.01, to: 0.05, caught: 1, medianSeconds: 129, candidateErrors: 14 },
    { from: 0.01, to: 1, caught: 1, medianSeconds: 3, candidateErrors: 5 },
  ],
};

export const PREFLIGHT: PreflightRow[] = [
  { item: "qa", ok: true, evidence: "approved by dana on 1 Mar 2026 09:12 UTC", next: null, override: null },
  {
    item: "disk",
    ok: true,
    evidence: "41 GB free on the fullest host, two copies need 0.9 GB",
    next: null,
    override: null,
  },
  {
    item: "clock",
    ok: false,
    evidence: "web2 is 3.4 s ahead",
    next: "switch time synchronisation on there",
    override: { who: "alice", reason: "the host is replaced tomorrow" },
  },
];

/** A row for which a plan is refused. */
export const REFUSED: PreflightRow = {
  item: "backup",
  ok: false,
  evidence: "the last backup of the database is 31 h old, and a migration wants one of the last 24 h",
  next: "make one, then stationmaster approve backup",
  override: null,
};

/** The names of `count` hosts: `web1`, …; of ten and more `web01`, …. */
function hostNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `web${String(index + 1).padStart(String(count).length, "0")}`);
}

/** A plan for `count` hosts with everything a plan can say. */
export function hostPlan(count = 3, preflight: PreflightRow[] = PREFLIGHT): RolloutPlan {
  return {
    environment: "production",
    strategy: {
      kind: "canary",
      steps: [10, 25, 50, 100],
      everyMs: 120_000,
      bakeMs: 600_000,
      judge: { alpha: 0.01, ratio: 1.25, onInconclusive: "hold" },
    },
    release: "shop-0044",
    fromRelease: "shop-0043",
    kind: "deploy",
    services: SERVICES.map((service) => ({
      service,
      action: "replace",
      changes: ["image"],
      fromRelease: "shop-0043",
      toRelease: "shop-0044",
      strategy: "canary",
      replicas: 2,
      steps: [10, 25, 50, 100],
      checks: ["GET /health passes 3 times in a row"],
    })),
    warnings: [],
    hosts: hostNames(count),
    preflight,
    power: [POWER],
    migrations: [
      {
        service: "api",
        tool: "alembic",
        pending: ["8f21 add orders.note", "a03c index orders.note"],
        kind: "expand",
        findings: [
          {
            rule: "index-concurrently",
            statement: "CREATE INDEX ix_orders_note ON orders (note)",
            message: "the table takes no writes while the index is built; say CONCURRENTLY",
          },
        ],
      },
    ],
    hash: "c0ffee",
  };
}

/** A rollout on hosts, as far as its story goes. */
export function hostRollout(story: HostStory, { count = 3, now = Date.now() }: StoryOptions = {}): Rollout {
  const startedAt = now - 305_000;
  const journal = journalOf(story, hostNames(count), startedAt);
  const { state, failure } = ENDS[story](hostNames(count));
  const ended = failure !== null;
  return {
    id: `ro-${story}`,
    environment: "production",
    state,
    kind: "deploy",
    strategy: "canary",
    release: "shop-0044",
    fromRelease: "shop-0043",
    startedAt: new Date(startedAt).toISOString(),
    endedAt: ended ? (journal.at(-1)?.at ?? null) : null,
    reason: failure
      ? `${failure.code}: ${failure.message}`
      : story === "inconclusive"
        ? `waits for a person: api: 41 of the 160 requests it takes to tell; ${DECIDE}`
        : null,
    actor: "cli:alice",
    plan: hostPlan(count),
    failure,
    journal,
  };
}

const failed = (code: string, service: string | null, message: string, next: string) => ({
  ...{ code, message, service, next, logs: [], probe: null },
});

const ENDS: Record<HostStory, (hosts: string[]) => Pick<Rollout, "state" | "failure">> = {
  canary: () => ({ state: "ANALYZING", failure: null }),
  inconclusive: () => ({ state: "ANALYZING", failure: null }),
  judged: () => ({
    state: "ROLLED_BACK",
    failure: failed(
      "SM-CANARY-ERRORS",
      "api",
      "api: 31 of 2411 (1.29 %) requests failed on the new release, 18 of 7204 (0.25 %) on the old one beside it: evidence 412, 300 is enough",
      "read its log: stationmaster logs api --release shop-0044",
    ),
  }),
  stuck: (hosts) => ({
    state: "STUCK",
    failure: failed(
      "SM-HOST-UNREACHABLE",
      null,
      `${hosts.at(-1)}: no answer over SSH in 10 s while requests were given back`,
      `bring ${hosts.at(-1)} back, then stationmaster rollback`,
    ),
  }),
};

type Payload = JournalEntry["payload"];

/** Writes a journal: each effect takes a time, then the next begins. */
function writer(startedAt: number) {
  const entries: JournalEntry[] = [];
  let at = startedAt;
  const add = (key: string, phase: JournalEntry["phase"], step: JournalEntry["step"], payload: Payload, ms: number) => {
    at += ms;
    const target = key.split(":")[1]?.match(/^(?:api|web)\b/)?.[0] ?? null;
    const seq = entries.length + 1;
    entries.push({ seq, key, phase, step, target, payload, at: new Date(at).toISOString() });
  };
  const effect = (key: string, step: JournalEntry["step"], intent: Payload, outcome: Payload | null, ms: number) => {
    add(key, "intent", step, intent, 20);
    if (outcome) add(key, "outcome", step, outcome, ms);
  };
  const note = (key: string, step: JournalEntry["step"], payload: Payload, ms = 20) =>
    add(key, "outcome", step, payload, ms);
  return { entries, effect, note, now: () => at };
}

function journalOf(story: HostStory, hosts: string[], startedAt: number): JournalEntry[] {
  const { entries, effect, note, now } = writer(startedAt);
  const quick = 20 / hosts.length;
  const digests = Object.fromEntries(hosts.map((host) => [host, { api: "sha256:1f0c", web: "sha256:77ab" }]));
  effect("prepare", "PREPARED", { release: "shop-0044" }, { hosts: digests }, 8_000);
  const units = (service: string) =>
    hosts.flatMap((host, place) => [0, 1].map((ordinal) => ({ id: `${service}-12-h${place}-${ordinal}`, host })));
  for (const service of SERVICES) {
    for (const { id, host } of units(service))
      effect(`start:${id}`, "STARTED", { unit: id, role: "candidate", host }, { host, port: 32_000 }, quick * 90);
    effect(`health:${service}@12`, "STARTED", {}, {}, 1_100);
  }
  for (const service of SERVICES)
    effect(`verify:${service}@12`, "VERIFIED", { units: units(service).map(({ id }) => id) }, { probes: [] }, 2_300);
  const share = (index: number, percent: number) => {
    for (const service of SERVICES)
      effect(`shift:${service}:${index}`, "SHIFTING", { share: percent }, { share: percent }, 300);
    note(`shifted:${index}`, "SHIFTING", { index });
    note(`analyze:${index + 1}`, "ANALYZING", { until: now() + 120_000 });
  };
  const judge = (values: number[]) => {
    for (const evidence of values)
      note(`judge:api:errors:${entries.length}`, "ANALYZING", { metric: "errors", evidence, needed: NEEDED }, 10_000);
  };
  share(0, 10);
  judge([0.9, 0.8, 1.4, 1.1, 1.9, 2.4]);
  const side = (requests: number, bad: number) => ({ requests, bad });
  note("judged:1", "ANALYZING", { api: { verdict: "PASS", candidate: side(602, 2), baseline: side(5_402, 14) } });
  note("analyzed:0", "ANALYZING", { index: 0 });
  share(1, 25);
  if (story === "canary") judge([2.2, 3.1]);
  if (story === "judged") {
    judge([4.1, 18, 96, 412]);
    for (const service of SERVICES) effect(`undo:${service}`, "ROLLING_BACK", { share: 0 }, { share: 0 }, 240);
    for (const service of SERVICES)
      for (const { id } of units(service))
        effect(`stop:${id}`, "ROLLING_BACK", { unit: id }, { ended: "by itself" }, 30);
  }
  if (story === "inconclusive") {
    judge([2.2, 2.9]);
    note("held:2", "ANALYZING", { why: "api: 41 of the 160 requests it takes to tell", next: DECIDE }, 9_000);
  }
  if (story === "stuck") {
    const message = `${hosts.at(-1)}: no answer over SSH in 10 s`;
    const failure = { failed: true, code: "SM-HOST-UNREACHABLE", message };
    effect("shift:api:1#2", "SHIFTING", { share: 25 }, failure, 10_000);
    const back = Object.fromEntries(hosts.slice(0, -1).map((host) => [host, { share: 0 }]));
    effect("undo:api", "ROLLING_BACK", { share: 0 }, { ...failure, hosts: back }, 10_000);
  }
  return entries;
}

/** What the routes of such a rollout say; `step` moves the counts on, and the evidence with them. */
export function hostTraffic(
  story: HostStory,
  { count = 3, step = 0 }: { count?: number; step?: number } = {},
): TrafficView[] {
  const share = story === "judged" ? 0 : 25;
  const inForce = story === "stuck" ? 0 : share;
  const hosts = hostNames(count)
    .map((host) => ({
      host,
      share: inForce,
      stable: 2,
      candidate: story === "judged" ? 0 : 2,
    }))
    .slice(0, story === "stuck" ? -1 : undefined);
  return SERVICES.map((service, index) => ({
    service,
    stableRelease: "shop-0043",
    candidateRelease: story === "judged" ? null : "shop-0044",
    candidateShare: inForce,
    stable: { requests: 7_204 + 60 * step, errors: 18, inflight: 7 },
    candidate: { requests: 2_411 + 20 * step, errors: 2 + index, inflight: 2 },
    hosts,
    ...(share === 0 ? {} : { analysis: analysisAt(step) }),
  }));
}

function analysisAt(step: number): NonNullable<TrafficView["analysis"]> {
  const side = (requests: number, bad: number) => ({ requests, bad });
  return ["errors", "latency-p95", "latency-p99"].map((metric, index) => ({
    metric,
    evidence: Number(((3.1 + Math.sin(step / 2) * 1.5) / 4 ** index).toFixed(3)),
    needed: NEEDED,
    candidate: side(2_411 + 20 * step, 6 - index),
    baseline: side(7_204 + 60 * step, 18 - index),
  }));
}
