import { formatDuration } from "../../../core/duration.ts";
import type { HeartbeatCalls, HeartbeatRhythm } from "../../types.ts";
import type { Failure } from "../probe.ts";

/** When the job is late if it does not call before: a period and a grace after its last `ok`. */
export function dueAt(
  { okAt, expectedSince }: Pick<HeartbeatCalls, "okAt" | "expectedSince">,
  { period, grace }: HeartbeatRhythm,
): number {
  return (okAt ?? expectedSince) + period + grace;
}

/** The next time at which the judgement changes by itself; null where only a call changes it. */
export function nextTurn(calls: HeartbeatCalls, rhythm: HeartbeatRhythm, now: number): number | null {
  const turns = [dueAt(calls, rhythm), (calls.awayUntil ?? Number.NEGATIVE_INFINITY) + rhythm.period + rhythm.grace];
  const ahead = turns.filter((at) => at > now);
  return ahead.length > 0 ? Math.min(...ahead) : null;
}

/**
 * Null while all is well. A job that said it failed has failed until it says ok. Nothing is known of one before its first `ok`, and of
 * one that is late where its call may have been lost, until it has had a whole period again to be heard.
 */
export function judge(calls: HeartbeatCalls, rhythm: HeartbeatRhythm, now: number): Failure | null {
  const { okAt, failedAt, startedAt, awayUntil } = calls;
  const since = (at: number) => formatDuration(Math.max(1, Math.round((now - at) / 1_000)) * 1_000);
  if (failedAt !== null && failedAt > (okAt ?? Number.NEGATIVE_INFINITY))
    return failure("job-failed", `the job said ${since(failedAt)} ago that it failed`);
  const due = dueAt(calls, rhythm);
  if (now <= due && okAt !== null) return null;
  if (now <= due) {
    const detail = `waits for the first call, late ${formatDuration(Math.ceil((due - now + 1) / 1_000) * 1_000)} from now`;
    return { outcome: "unknown", class: "waiting", family: "none", detail };
  }
  const awaited = `a call is due every ${formatDuration(rhythm.period)}`;
  if (awayUntil !== null && now <= awayUntil + rhythm.period + rhythm.grace) {
    const detail = `the call may be lost: this machine took none until ${since(awayUntil)} ago; ${awaited}`;
    return { outcome: "unknown", class: "prober", family: "none", detail };
  }
  const begun = startedAt !== null && startedAt > (okAt ?? Number.NEGATIVE_INFINITY) ? startedAt : null;
  if (begun !== null) return failure("late", `started ${since(begun)} ago and did not end; ${awaited}`);
  return failure("late", `${okAt === null ? "no call yet" : `the last call was ${since(okAt)} ago`}; ${awaited}`);
}

function failure(name: "late" | "job-failed", detail: string): Failure {
  return { outcome: "fail", class: name, family: "availability", detail };
}
