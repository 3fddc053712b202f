import type { CheckConfig } from "../config/checks.ts";
import type { CheckType, Verdict } from "../contract/check.ts";

/** A check ready to run: everything interpolated, times in milliseconds. */
export interface CheckSpec {
  /**
   * Stable: `<environment>/<service>/health` (see check-id.ts), `<environment>/store/<name>`, `<environment>/infrastructure/<name>`,
   * `<environment>/check/<name>`; followed by `@<host>` where there are several.
   */
  id: string;
  environment: string;
  /** The service the check speaks for; null for none. */
  service: string | null;
  /** Part of the incident key; the implied checks of one service share `service`. */
  component: string;
  type: CheckType;
  everyMs: number;
  timeoutMs: number;
  critical: boolean;
  /** Confirmation runs after a first failure, before DOWN. */
  recheck: number;
  /** The manifest's options of the type, with `${…}` resolved (the resolved text may hold secrets: never print it). */
  options: CheckConfig & Placed;
  /** For people, without secrets: `GET http://127.0.0.1:8080/health`. */
  target: string;
  /** Names of services, stores and other checks whose failure explains that of this one. */
  dependsOn?: readonly string[];
  /** What its failure means beyond an outage. */
  impact?: "data" | "security" | undefined;
  /** Address of the page that says what to do. */
  runbook?: string;
  /** Whether every single result is kept for a while. */
  keepRaw?: boolean;
  /** One OK run is enough to end an outage: what it asks is certain. */
  certain?: boolean;
  /** In how many places the same is asked; left out: in one. */
  places?: number;
  /** Why it cannot be asked right now, such as a secret that is missing: each run says that instead. May hold secrets. */
  broken?: string;
  /** Where several workers share the checks: the shard, and under which epoch this one runs it. */
  owned?: { shard: number; epoch: number };
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
  /** Figures of the run by name: `notAfter` (epoch seconds) and `secondsLeft` of a certificate chain, `lossPercent`, … */
  facts?: Record<string, number>;
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
  /** When the change behind it most likely came about, by the runs before it; left out where that is `onset`, or cannot be said. */
  about?: number | undefined;
  /** Those of the run behind the verdict. */
  facts?: RunResult["facts"];
  /** Of the check. */
  places?: number;
  impact?: CheckSpec["impact"];
}

/** How often a job calls, in milliseconds. */
export interface HeartbeatRhythm {
  period: number;
  grace: number;
}

/** What is known of a job's calls; epoch milliseconds. */
export interface HeartbeatCalls {
  /** From when on a first call is waited for. */
  expectedSince: number;
  /** Of the last call of each kind; null where there was none. */
  startedAt: number | null;
  okAt: number | null;
  failedAt: number | null;
  /** The last time since the last `ok` at which calls could not be taken for too long to try again ended then; null without one. */
  awayUntil: number | null;
}

/** What the heartbeat probe asks about the calls of a check's job. */
export type HeartbeatLookup = (check: string, rhythm: HeartbeatRhythm) => Promise<HeartbeatCalls>;

/** How many replicas of a service live and how many should. */
export interface ProcessCount {
  alive: number;
  expected: number;
  /** How one of the missing ended, or what is wrong with it. */
  detail: string | null;
  /** A rollout or a restart works on them right now: a missing one is no failure. */
  exchanging?: boolean;
  /** How often they ended or were started again by themselves within the last 10 minutes. */
  restarts?: number;
}

/** Whose processes; on all hosts unless one is named. */
export interface ProcessQuestion {
  /** A service; a container, on this machine unless a host is named; or a unit of systemd or a file with a process id, on this machine. */
  process: string | { container: string; host?: string | undefined } | { unit: string } | { pid_file: string };
  host?: string | undefined;
  infrastructure?: boolean | undefined;
}

/** What the process probe asks the platform. */
export type ProcessLookup = (question: ProcessQuestion, signal: AbortSignal) => Promise<ProcessCount>;

/** A port on this machine that leads to a port on a host's loopback. */
export type HostReach = (host: string, port: number, signal: AbortSignal) => Promise<number>;
