import type { Check, Verdict } from "../contract/check.ts";
import { names } from "../contract/host-standing.ts";
import type { Replica, Service, ServiceHost, ServiceState } from "../contract/service.ts";

export interface ServiceFacts {
  deploying: boolean;
  alive: number;
  expected: number;
  /** Verdicts of the checks that ask the service something; empty when nobody watches. */
  verdicts: readonly Verdict[];
  /** Whether a release ever served here. */
  deployed: boolean;
  /** Checks of jobs that are late or failed, where that disturbs a service which answers requests. */
  lateJobs?: readonly string[];
  /** Names of the checks that are DOWN. */
  down?: readonly string[];
  /** What it needs and fails too. */
  because?: readonly string[];
  /** How it is on each of several hosts; the verdicts are then those of checks that ask no single host. */
  hosts?: readonly Pick<ServiceHost, "host" | "state" | "detail">[];
}

/** The check as it bears on its service: a job that is late or failed disturbs a service that answers requests, which is not down by it. */
export function bearingOn<C extends Pick<Check, "type" | "verdict">>(kind: Service["kind"], check: C): C {
  const isJob = check.type === "heartbeat" && kind !== "worker";
  return isJob && check.verdict === "DOWN" ? { ...check, verdict: "DEGRADED" } : check;
}

/** The one word for a service, and why: the first rule that matches. */
export function serviceState(facts: ServiceFacts): { state: ServiceState; detail: string | null } {
  const { deploying, alive, expected, verdicts, deployed, lateJobs = [], hosts = [] } = facts;
  if (deploying) return { state: "deploying", detail: "a rollout changes it" };
  if (!deployed) return { state: "unknown", detail: "not deployed yet" };
  if (alive === 0) return { state: "down", detail: "no replica is running" };
  const worst = worstOf(hosts);
  if (worst) return worst;
  if (verdicts.includes("DOWN")) return { state: "down", detail: whoSays(facts) };
  if (alive < expected) return { state: "degraded", detail: `${alive} of ${expected} replicas are running` };
  const worse = verdicts.find(
    (verdict) => verdict === "SUSPECT" || verdict === "DEGRADED" || verdict === "INTERMITTENT",
  );
  if (worse === "DEGRADED" && lateJobs.length > 0)
    return { state: "degraded", detail: `a job is late or failed: ${names(lateJobs)}` };
  if (worse) return { state: "degraded", detail: `a check is ${worse.toLowerCase()}` };
  if (verdicts.length > 0 && verdicts.every((verdict) => verdict === "UNKNOWN"))
    return { state: "unknown", detail: "no check result yet" };
  return { state: "healthy", detail: null };
}

/** `web.health says it is down, because of api` */
function whoSays({ down = [], because = [] }: Pick<ServiceFacts, "down" | "because">): string {
  const who = down.length === 0 ? "a check says" : `${names(down)} ${down.length === 1 ? "says" : "say"}`;
  return `${who} it is down${because.length === 0 ? "" : `, because of ${names(because)}`}`;
}

/** A service that is down on one host is up for users of the others. */
function worstOf(hosts: NonNullable<ServiceFacts["hosts"]>): { state: ServiceState; detail: string } | undefined {
  const those = (state: ServiceState) => hosts.filter((item) => item.state === state).map(({ host }) => host);
  const down = those("down");
  if (down.length > 0 && down.length === hosts.length) return { state: "down", detail: "down on every host" };
  if (down.length > 0) return { state: "degraded", detail: `down on ${names(down)}` };
  const degraded = hosts.find(({ state }) => state === "degraded");
  if (degraded) return { state: "degraded", detail: `${degraded.detail} on ${degraded.host}` };
  const unknown = those("unknown");
  if (unknown.length > 0 && unknown.length < hosts.length)
    return { state: "degraded", detail: `nothing is known of ${names(unknown)}` };
  return undefined;
}

interface HostFacts {
  host: string;
  /** Those that users have, of this host. */
  replicas: readonly Pick<Replica, "state">[];
  expected: number;
  /** Of the checks that ask this host. */
  verdicts: readonly Verdict[];
}

/** How a service is on one host. */
export function serviceHost({ host, replicas, expected, verdicts }: HostFacts): ServiceHost {
  const alive = replicas.filter(({ state }) => state === "running").length;
  const away = replicas.length > 0 && replicas.every(({ state }) => state === "unknown");
  const { state, detail } = away
    ? { state: "unknown" as const, detail: "the host does not answer" }
    : serviceState({ deploying: false, deployed: true, alive, expected, verdicts });
  return { host, alive, expected, state, detail };
}

/**
 * The replicas that users have: those of the side with most of the requests, which is the candidate's late in a rollout and
 * after one that got stuck there; without requests (a worker) the stable ones.
 */
export function usersSide<R extends { role: "stable" | "candidate"; replica: Pick<Replica, "state" | "weight"> }>(
  replicas: readonly R[],
): R[] {
  const side = (wanted: R["role"]) =>
    replicas.filter(({ role, replica }) => role === wanted && replica.state !== "draining");
  const share = side("candidate").reduce((sum, { replica }) => sum + replica.weight, 0);
  return side(share > 50 ? "candidate" : "stable");
}
