/** Until when nothing may be sent (epoch ms), and how often in a row that was said without a time. */
export interface Limit {
  until: number;
  strikes: number;
}

export const noLimit: Limit = { until: 0, strikes: 0 };

export interface Answered {
  status: number;
  headers: Readonly<Record<string, string | number | undefined>>;
  /** What a refusal says. */
  message?: string | undefined;
}

const PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

/**
 * What an answer of GitHub says about its limits, as documented under "Rate limits for the REST API": `retry-after` counts, then the
 * time at which the hour's allowance is new, else a minute, doubling up to 15.
 */
export function limitAfter(before: Limit, { status, headers, message = "" }: Answered, now: number): Limit {
  const spent = headers["x-ratelimit-remaining"] !== undefined && Number(headers["x-ratelimit-remaining"]) === 0;
  const resetAt = Number(headers["x-ratelimit-reset"]) * 1_000;
  if (!isLimited({ status, headers, message }))
    return { until: spent && resetAt > now ? resetAt : before.until, strikes: status < 400 ? 0 : before.strikes };
  const after = Number(headers["retry-after"]);
  if (after > 0) return { until: now + after * 1_000, strikes: before.strikes };
  if (spent && resetAt > now) return { until: resetAt, strikes: before.strikes };
  const pause = Math.min(PAUSE_MS * 2 ** before.strikes, LONGEST_PAUSE_MS);
  return { until: now + pause, strikes: before.strikes + 1 };
}

/** Whether a request was refused for a limit, rather than for want of a permission. */
export function isLimited({ status, headers, message = "" }: Answered): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const spent = headers["x-ratelimit-remaining"] !== undefined && Number(headers["x-ratelimit-remaining"]) === 0;
  return spent || headers["retry-after"] !== undefined || /rate limit/i.test(message);
}
