import type { CheckConfig } from "../config/checks.ts";
import type { Verdict } from "../contract/check.ts";

/** A check ready to run: everything interpolated, times in milliseconds. */
export interface CheckSpec {
  /**
   * Stable: `<environment>/<service>/health`, `<environment>/store/<name>`, `<environment>/infrastructure/<name>`,
   * `<environment>/check/<name>`; followed by `@<host>` where there are several.
   */
  id: string;
  environment: string;
  /** The service the check speaks for; null for none. */
  service: string | null;
  /** Part of the incident key; the implied checks of one service share `service`. */
  component: string;
  type: "http" | "tcp" | "process" | "postgres" | "steps";
  everyMs: number;
  timeoutMs: number;
  critical: boolean;
  /** Confirmation runs after a first failure, before DOWN. */
  recheck: number;
  /** The manifest's options of the type, with `${…}` resolved (the resolved text may hold secrets: never print it). */
  options: CheckConfig & { postgres?: string } & Placed;
  /** For people, without secrets: `GET http://127.0.0.1:8080/health`. */
  target: string;
  /** In how many places the same is asked; left out: in one. */
  places?: number;
}

/** What only implied checks say. */
interface Placed {
  /** `process`: the host whose replicas are counted. */
  host?: string;
  /** `process`: a part of the infrastructure, no service. */
  infrastructure?: boolean;
  /** `url`: the host on whose loopback the address is. */
  through?: string;
}

export type Family = "availability" | "latency" | "deploy" | "capacity" | "auth" | "tls" | "dns" | "data" | "none";

export interface RunResult {
  plannedAt: number;
  startedAt: number;
  kind: "scheduled" | "confirmation";
  outcome: "ok" | "slow" | "fail" | "unknown";
  class: string | null;
  family: Family | null;
  /** Redacted, at most 300 characters. */
  detail: string | null;
  durationMs: number;
}

/** A change of a check's verdict; `seq` rises by one per process of a daemon and event. Times are epoch ms. */
export interface VerdictEvent {
  checkId: string;
  environment: string;
  service: string | null;
  component: string;
  critical: boolean;
  everyMs: number;
  from: Verdict;
  to: Verdict;
  /** The class of failure behind the verdict; null when UP. */
  class: string | null;
  family: Family | null;
  detail: string | null;
  at: number;
  /** When the first failed run of this episode began; equals `at` when UP. */
  onset: number;
  /** Of the check. Not stored: an event that comes again after a crash is without. */
  places?: number;
}

/** How many replicas of a service live and how many should. */
export interface ProcessCount {
  alive: number;
  expected: number;
  /** How one of the missing ended, or what is wrong with it. */
  detail: string | null;
  /** A rollout or a restart works on them right now: a missing one is no failure. */
  exchanging?: boolean;
}

/** Whose processes; on all hosts unless one is named. */
interface ProcessQuestion {
  process: string;
  host?: string | undefined;
  infrastructure?: boolean | undefined;
}

/** What the process probe asks the platform. */
export type ProcessLookup = (question: ProcessQuestion, signal: AbortSignal) => Promise<ProcessCount>;

/** A port on this machine that leads to a port on a host's loopback. */
export type HostReach = (host: string, port: number, signal: AbortSignal) => Promise<number>;
