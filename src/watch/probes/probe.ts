import type { LookupFunction } from "node:net";
import type { ZodType } from "zod";
import type { Phases as RunPhases } from "../../contract/check.ts";
import type { Clock } from "../../core/clock.ts";
import type { Redactor } from "../../core/redact.ts";
import type { Family, HeartbeatLookup, HostReach, ProcessLookup } from "../types.ts";

/** What a probe may use. `signal` aborts at the deadline; the probe then answers at once. */
export interface ProbeContext {
  signal: AbortSignal;
  /** Whole time allowed, for probes that divide it. */
  timeoutMs: number;
  clock: Clock;
  redact: (text: string) => string;
  /** Finds the addresses of names. */
  lookup: LookupFunction;
  /** Replaces the rule which addresses are public. */
  isPublic?: (address: string) => boolean;
  processes: ProcessLookup;
  reach?: HostReach;
  heartbeats?: HeartbeatLookup;
  refusals?: Refusals;
  /** Of the check. */
  id: string;
}

/** When a wrong password was refused last, by check, in monotonic milliseconds; kept by whoever runs checks again and again. */
export type Refusals = Map<string, number>;

/** Milliseconds per part of what a probe does. */
export type Phases = Omit<RunPhases, "queue">;

export interface Failure {
  outcome: "slow" | "fail" | "unknown";
  class: string;
  family: Family;
  detail: string;
}

/** `failure` is null when all was well; `body` is what the last answer said, as received. */
export interface ProbeAnswer {
  failure: Failure | null;
  phases: Phases | null;
  body: string | null;
  facts?: Record<string, number>;
}

/** A kind of check. Adding one: a file here and a line in registry.ts. */
export interface Probe<O> {
  id: string;
  Options: ZodType<O>;
  /** Whether a run changes something in the target: fewer confirmation runs then. */
  sideEffects: boolean;
  run(options: O, context: ProbeContext): Promise<ProbeAnswer>;
}

/** What a caller of `runProbe` provides. */
export interface RunContext {
  clock: Clock;
  redact: Redactor | ((text: string) => string);
  /** Replaces the one of this process. */
  lookup?: LookupFunction;
  /** Replaces the rule which addresses are public. */
  isPublic?: (address: string) => boolean;
  processes: ProcessLookup;
  reach?: HostReach;
  heartbeats?: HeartbeatLookup;
  refusals?: Refusals;
  /** Ends the run early, e.g. when a rollout is aborted; the result is then `unknown`. */
  signal?: AbortSignal;
  /** Epoch milliseconds the run was due; now when absent. */
  plannedAt?: number;
  kind?: "scheduled" | "confirmation";
}
