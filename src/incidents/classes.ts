import { names } from "../contract/host-standing.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { isAuth } from "./remedy-classes.ts";

const TEXTS: Record<string, string> = {
  refused: "not answering (connection refused)",
  reset: "drops connections",
  "connect-timeout": "not answering (connection timed out)",
  "read-timeout": "not answering in time",
  "process-gone": "process gone",
  "replica-gone": "a replica is gone",
  late: "missed its beat",
  "job-failed": "says that it failed",
  full: "nearly full",
  slow: "answers slowly",
  "crash-loop": "crashes again and again",
  assertion: "answers wrongly",
  "http-429": "answers 429 (too many requests)",
  "tls-expired": "certificate expired",
  "tls-invalid": "certificate not valid",
  "tls-expiring": "certificate expires soon",
  dns: "name not found",
  query: "database query fails",
  lag: "database copy lags behind",
};

/** What is said of a job, which is something else than the service it works for. */
const OF_JOBS: readonly (string | null)[] = ["late", "job-failed"];

/** The failure in words for people: `not answering (connection refused)`, `answers 500`, `login fails at step 2`. */
export function symptomOf(failure: string | null, detail: string | null): string {
  if (failure === null) return "failing";
  if (isAuth(failure)) return `login fails at step ${failure.slice("auth-step:".length)}`;
  const burn = /^burn:(.+)$/.exec(failure)?.[1];
  if (burn) return `error budget is used up ${burn === "1" ? "" : `at least ${burn} times `}too fast`;
  if (failure.startsWith("alert:")) return `alert ${failure.slice("alert:".length)}`;
  const status = /^http-([45])xx$/.exec(failure)?.[1];
  if (status) return `answers ${new RegExp(`\\b${status}\\d\\d\\b`).exec(detail ?? "")?.[0] ?? `${status}xx`}`;
  return TEXTS[failure] ?? failure;
}

/** The most telling class first: a dead process explains a refused connection, and that the router answers 502 for it. */
const TELLING = ["crash-loop", "process-gone", "replica-gone", "refused", "reset", "connect-timeout", "read-timeout"];

/** Whether all works, and a certificate is about to end. */
export function isExpiring(symptom: string): boolean {
  return symptom.startsWith(TEXTS["tls-expiring"] ?? "");
}

/** The symptom of several failing checks: the most telling, else the first. A job of a service is named: `job backup missed its beat`. */
export function leadingSymptom(
  failures: readonly { class: string | null; detail: string | null; verdict: string }[],
  { service, component }: Pick<VerdictEvent, "service" | "component">,
): string {
  const [first = "failing", ...others] = failures.map(({ class: name, detail, verdict }) => {
    const whose =
      service !== null && OF_JOBS.includes(name) ? (component === service ? "job " : `job ${component} `) : "";
    const symptom = whose + symptomOf(name, detail);
    return verdict === "INTERMITTENT" ? `${symptom}, now and then` : symptom;
  });
  return others.reduce((lead, other) => (rankOf(other) < rankOf(lead) ? other : lead), first);
}

/** With the hosts it is about: `process gone on h2`. */
export function symptomOn(symptom: string, hosts: readonly string[]): string {
  return hosts.length === 0 ? symptom : `${symptom} on ${names(hosts)}`;
}

/** What an incident goes on to be called: a consequence never takes the place of its cause. */
export function moreTelling(before: string, now: string): string {
  return rankOf(before) < rankOf(now) ? before : now;
}

function rankOf(symptom: string): number {
  const rank = TELLING.findIndex((name) => symptom.startsWith(TEXTS[name] ?? name));
  return rank < 0 ? TELLING.length : rank;
}
