import type { Check, Verdict } from "../../contract/check.ts";
import type { PublicDay, PublicService, PublicState } from "../../contract/status-page.ts";
import { uptimeOf } from "../../watch/buckets.ts";
import type { DayCounts } from "../../watch/days.ts";

export const SHOWN_DAYS = 90;
const DAY_MS = 86_400_000;
/** A run under way, and a process that was busy, are no reason to call a look old. */
const SLACK_MS = 5_000;
/** Shares of passed runs of a day: from the first on it counts as well, from the second on as disturbed, below as an outage. */
const WELL = 0.9995;
const DISTURBED = 0.95;

type Looked = Pick<Check, "id" | "service" | "type" | "everyMs" | "critical" | "verdict" | "lastResult">;

interface Subject {
  /** Of the manifest: a service, or a check. */
  key: string;
  /** The name the public knows it by. */
  name: string;
}

interface Material {
  environment: string;
  checks: readonly Looked[];
  /** Counts of each check per day, whose start is in epoch ms. */
  days: readonly DayCounts[];
  /** Epoch ms. */
  now: number;
}

/**
 * The checks that speak for a line of the page: those of the service of that name, else the check of that name. The beats of a job
 * speak for a service that is asked in no other way only.
 */
export function checksOf<C extends Pick<Check, "id" | "service" | "type">>(
  checks: readonly C[],
  key: string,
  environment: string,
): C[] {
  const ofService = checks.filter(({ service }) => service === key);
  const asked = ofService.filter(({ type }) => type !== "heartbeat");
  if (asked.length > 0) return asked;
  return ofService.length > 0 ? ofService : checks.filter(({ id }) => question(id) === `${environment}/check/${key}`);
}

/** What is asked, wherever it is asked. */
function question(id: string): string {
  return id.split("@")[0] ?? id;
}

/** A line of the page. Hosts that ask the same count as one: what serves on another host is not gone for its users. */
export function publicService({ key, name }: Subject, { environment, checks, days, now }: Material): PublicService {
  const mine = checksOf(checks, key, environment);
  const ids = new Map(mine.map(({ id }) => [id, question(id)]));
  const counts = days.filter(({ checkId }) => ids.has(checkId));
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const bars = Array.from({ length: SHOWN_DAYS }, (_, index) => {
    const at = today - (SHOWN_DAYS - 1 - index) * DAY_MS;
    return dayOf(
      at,
      counts.filter(({ day }) => day === at),
      ids,
    );
  });
  const seen = mine.map((check) => ({ ...check, verdict: isStale(check, now) ? "UNKNOWN" : publicVerdict(check) }));
  return {
    name,
    state: stateOf(seen),
    stale: mine.some((check) => check.lastResult !== null && isStale(check, now)),
    uptime90d: leastUptime(counts, ids),
    days: bars,
  };
}

/** A certificate that ends soon is work for those who run the service; its users notice nothing. */
function publicVerdict({ verdict, lastResult }: Looked): Verdict {
  return verdict === "DEGRADED" && lastResult?.class === "tls-expiring" ? "UP" : verdict;
}

function isStale({ lastResult, everyMs }: Looked, now: number): boolean {
  return lastResult === null || now - Date.parse(lastResult.at) > 2 * everyMs + SLACK_MS;
}

function stateOf(checks: readonly Looked[]): PublicState {
  const questions = [...Map.groupBy(checks, ({ id }) => question(id)).values()];
  const states = questions.map((places) => ({
    critical: places.some(({ critical }) => critical),
    verdict: worstOf(places.map(({ verdict }) => verdict)),
  }));
  if (states.some(({ critical, verdict }) => critical && verdict === "DOWN")) return "outage";
  if (states.length > 0 && states.every(({ verdict }) => verdict === "DOWN")) return "outage";
  if (states.some(({ verdict }) => FAILING.includes(verdict))) return "degraded";
  return states.length === 0 || states.some(({ verdict }) => verdict === "UNKNOWN") ? "unknown" : "operational";
}

const FAILING: readonly Verdict[] = ["DOWN", "DEGRADED", "INTERMITTENT"];

/** Down on some hosts only is disturbed; a first doubt is none yet. */
function worstOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.every((verdict) => verdict === "DOWN")) return "DOWN";
  if (verdicts.some((verdict) => FAILING.includes(verdict))) return "DEGRADED";
  return verdicts.includes("UNKNOWN") ? "UNKNOWN" : "UP";
}

function dayOf(at: number, counts: readonly DayCounts[], questions: ReadonlyMap<string, string>): PublicDay {
  const uptime = leastUptime(counts, questions);
  return { day: new Date(at).toISOString().slice(0, 10), state: dayState(uptime, counts), uptime };
}

function dayState(uptime: number | null, counts: readonly DayCounts[]): PublicState {
  const known = counts.reduce((sum, { ok, slow, fail }) => sum + ok + slow + fail, 0);
  const unknown = counts.reduce((sum, count) => sum + count.unknown, 0);
  if (uptime === null || unknown > known) return "unknown";
  if (uptime >= WELL) return "operational";
  return uptime >= DISTURBED ? "degraded" : "outage";
}

/** Of what is asked the worst: a page that loads does not make up for a sign-in that fails. */
function leastUptime(counts: readonly DayCounts[], questions: ReadonlyMap<string, string>): number | null {
  const groups = Map.groupBy(counts, ({ checkId }) => questions.get(checkId));
  const uptimes = [...groups.values()].flatMap((group) => uptimeOf(sumOf(group)) ?? []);
  return uptimes.length === 0 ? null : Math.min(...uptimes);
}

function sumOf(group: readonly DayCounts[]) {
  const sum = { ok: 0, slow: 0, fail: 0 };
  for (const { ok, slow, fail } of group) {
    sum.ok += ok;
    sum.slow += slow;
    sum.fail += fail;
  }
  return sum;
}
