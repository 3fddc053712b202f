import { z } from "zod";

/** The way of a rollout that goes well, in order. */
export const FORWARD_STATES = [
  "PLANNED",
  "LEASED",
  "PREPARED",
  "EXPANDED",
  "STARTED",
  "VERIFIED",
  "SHIFTING",
  "ANALYZING",
  "PROMOTED",
  "BAKING",
  "DRAINED",
  "SUCCEEDED",
] as const;

export const RolloutState = z.enum([
  ...FORWARD_STATES,
  "CLEANING",
  "FAILED",
  "ROLLING_BACK",
  "ROLLED_BACK",
  "SUPERSEDED",
  "STUCK",
]);
export type RolloutState = z.infer<typeof RolloutState>;

/** States a rollout never leaves by itself. */
export const FINAL_STATES: readonly RolloutState[] = ["SUCCEEDED", "FAILED", "ROLLED_BACK", "SUPERSEDED", "STUCK"];

/** States in which no user has seen anything of the candidate. */
export const UNSEEN_STATES = ["PLANNED", "LEASED", "PREPARED", "EXPANDED", "STARTED", "VERIFIED"] as const;

/** `contract`: takes away what only older releases need of the database; nothing is started or stopped. */
export const RolloutKind = z.enum(["deploy", "rollback", "restore", "contract"]);
export type RolloutKind = z.infer<typeof RolloutKind>;

export const StrategyKind = z.enum(["blue-green", "rolling", "canary", "recreate"]);
export type StrategyKind = z.infer<typeof StrategyKind>;

/** What decides which side of a canary a request goes to: its client, chance, or the value of a cookie. */
export const ClientKey = z
  .string()
  .regex(/^(client|random|cookie:[\w.-]{1,64})$/, "must be client, random, or cookie:NAME");

/** What a person may ask for by name: a kind, or settings that the manifest knows by that name. */
export const StrategyName = z.enum([...StrategyKind.options, "canary-30m"]);
export type StrategyName = z.infer<typeof StrategyName>;

export const JournalEntry = z.object({
  seq: z.number().int(),
  /** Names the effect; an intent and its outcome share it. */
  key: z.string(),
  phase: z.enum(["intent", "outcome"]),
  step: RolloutState,
  /** The service concerned; null when it is the whole environment. */
  target: z.string().nullable(),
  payload: z.record(z.string(), z.unknown()),
  at: z.iso.datetime(),
});
export type JournalEntry = z.infer<typeof JournalEntry>;

/** The key of an effect without the generation, which is for the machine: `verify:api@12#2` → `verify:api#2`. */
export function effectName({ key }: Pick<JournalEntry, "key">): string {
  return key.replace(/@\d+(?=#|$)/, "");
}

/** One line of `status`; times are ISO 8601 in UTC. */
export const RolloutSummary = z.object({
  id: z.string(),
  environment: z.string(),
  state: RolloutState,
  kind: RolloutKind,
  strategy: StrategyKind,
  release: z.string(),
  fromRelease: z.string().nullable(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  reason: z.string().nullable(),
  actor: z.string(),
  /** Hosts that it went on without and that do not serve its release yet; left out where there are none. */
  behind: z.array(z.string()).optional(),
});
export type RolloutSummary = z.infer<typeof RolloutSummary>;

export const PlannedService = z.object({
  service: z.string(),
  action: z.enum(["create", "replace", "restore", "keep", "remove"]),
  /** What differs from the running release: `start`, `env`, `files`, … */
  changes: z.array(z.string()),
  fromRelease: z.string().nullable(),
  toRelease: z.string().nullable(),
  strategy: StrategyKind,
  replicas: z.number().int(),
  /** Shares of requests, in percent, the candidate gets one after another. */
  steps: z.array(z.number()),
  /** What must be true before users see the release. */
  checks: z.array(z.string()),
  /** What it will be and where users call it, in the platform's words: image, ports. */
  uses: z.array(z.string()).optional(),
});
export type PlannedService = z.infer<typeof PlannedService>;

/** A pre-flight fact with its evidence; a plan with one that is not `ok` is refused unless it was overridden with a reason. */
export const PreflightRow = z.object({
  item: z.string(),
  ok: z.boolean(),
  evidence: z.string(),
  next: z.string().nullable(),
  /** Who overrode it, and why. */
  override: z.object({ who: z.string(), reason: z.string() }).nullable(),
});
export type PreflightRow = z.infer<typeof PreflightRow>;

/** A unit with our labels that another database than this one knows of: somebody else deployed it. */
export const ForeignUnit = z.object({
  service: z.string(),
  host: z.string(),
  unit: z.string(),
  release: z.string(),
  rollout: z.string(),
});
export type ForeignUnit = z.infer<typeof ForeignUnit>;

/** What a canary can see with a service's own traffic: per rise of the error rate the part caught in time and the median seconds to it. */
export const PowerTable = z.object({
  service: z.string(),
  /** Requests a second, and the part of them that failed, over the time looked back. */
  rps: z.number(),
  errorRate: z.number(),
  /** Percent for the candidate at its first step, and seconds that the old release is beside it. */
  share: z.number(),
  withinSeconds: z.number(),
  rows: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      caught: z.number(),
      medianSeconds: z.number().nullable(),
      candidateErrors: z.number().nullable(),
    }),
  ),
});
export type PowerTable = z.infer<typeof PowerTable>;

/** A migration that would run, or why none can. */
export const PlannedMigration = z.object({
  service: z.string(),
  tool: z.string(),
  /** Names in order. */
  pending: z.array(z.string()),
  kind: z.enum(["expand", "contract"]),
  findings: z.array(z.object({ rule: z.string(), statement: z.string(), message: z.string() })),
  /** Of a contract rollout: kept releases that one cannot go back to afterwards. */
  ends: z.array(z.string()).optional(),
});
export type PlannedMigration = z.infer<typeof PlannedMigration>;

/**
 * A rollout that a deployment meets: it is superseded while no user has seen it; later it is waited for; where nobody waits for it
 * (contract), the deployment is refused. `until`: the end of its bake, once that is known.
 */
export const UnderWay = z.object({
  rollout: z.string(),
  release: z.string(),
  state: RolloutState,
  until: z.iso.datetime().nullable(),
  meeting: z.enum(["supersede", "wait", "refuse"]),
});
export type UnderWay = z.infer<typeof UnderWay>;

export const RolloutPlan = z.object({
  environment: z.string(),
  /** Shares in percent one after another, time at each, and time with all requests before the old release stops. */
  strategy: z.object({
    kind: StrategyKind,
    steps: z.array(z.number()),
    everyMs: z.number(),
    bakeMs: z.number(),
    /** Left out where the manifest says nothing: the platform's own. */
    key: ClientKey.optional(),
    judge: z
      .object({
        alpha: z.number(),
        ratio: z.number(),
        onInconclusive: z.enum(["hold", "promote", "rollback"]),
        waitMs: z.number().optional(),
        /** Paths that are asked of both releases when too few users come, by service. */
        requests: z.record(z.string(), z.array(z.string())).optional(),
      })
      .optional(),
  }),
  release: z.string(),
  fromRelease: z.string().nullable(),
  kind: RolloutKind,
  services: z.array(PlannedService),
  warnings: z.array(z.string()),
  /** Where units run; left out where there is one place. */
  hosts: z.array(z.string()).optional(),
  preflight: z.array(PreflightRow).optional(),
  power: z.array(PowerTable).optional(),
  migrations: z.array(PlannedMigration).optional(),
  /** What somebody else runs there and this rollout takes over; left out where there is nothing. */
  foreign: z.array(ForeignUnit).optional(),
  /** Of several hosts: how many suffice from the first share of requests on; left out: all. */
  quorum: z.number().int().optional(),
  /** What works on the environment now, and what becomes of this plan meanwhile; not part of the hash. */
  underWay: UnderWay.optional(),
  hash: z.string(),
});
export type RolloutPlan = z.infer<typeof RolloutPlan>;

/** What a failed rollout says: stable code, the check that fired, last probe bodies, log lines, the next command. */
export const RolloutFailure = z.object({
  code: z.string(),
  message: z.string(),
  service: z.string().nullable(),
  next: z.string().nullable(),
  logs: z.array(z.string()),
  probe: z.string().nullable(),
});
export type RolloutFailure = z.infer<typeof RolloutFailure>;

/** Where the requests of one service go right now. */
export const TrafficView = z.object({
  service: z.string(),
  stableRelease: z.string().nullable(),
  candidateRelease: z.string().nullable(),
  /** Percent of requests given to the candidate. */
  candidateShare: z.number(),
  /** Cumulative requests and server errors per side since the route exists. */
  stable: z.object({ requests: z.number(), errors: z.number(), inflight: z.number() }),
  candidate: z.object({ requests: z.number(), errors: z.number(), inflight: z.number() }),
  /** What each host says, where there is more than one place. */
  hosts: z
    .array(z.object({ host: z.string(), share: z.number(), stable: z.number(), candidate: z.number() }))
    .optional(),
  /** What the judge holds of the candidate so far; `evidence` is the e-value, `needed` the one at which it fails. */
  analysis: z
    .array(
      z.object({
        metric: z.string(),
        evidence: z.number(),
        needed: z.number(),
        candidate: z.object({ requests: z.number(), bad: z.number() }),
        baseline: z.object({ requests: z.number(), bad: z.number() }),
      }),
    )
    .optional(),
});
export type TrafficView = z.infer<typeof TrafficView>;

export const Rollout = RolloutSummary.extend({
  plan: RolloutPlan,
  failure: RolloutFailure.nullable(),
  journal: z.array(JournalEntry),
});
export type Rollout = z.infer<typeof Rollout>;

export const Release = z.object({
  name: z.string(),
  commit: z.string().nullable(),
  createdAt: z.iso.datetime(),
  services: z.array(z.string()),
  /** Whether the release serves the environment now. */
  current: z.boolean(),
  /** Whether a rollout of it ever succeeded. */
  served: z.boolean(),
  /** The state of its last rollout. */
  state: RolloutState.nullable(),
});
export type Release = z.infer<typeof Release>;
