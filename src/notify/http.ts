import { isConnectionRefused, reasonOf, SendFailure } from "./failure.ts";

const DEADLINE_MS = 10_000;
const LARGEST_ANSWER = 64 * 1024;
/** What is worth another try; of the rest of 4xx the next one would be answered alike. */
const PASSING = [408, 409, 425, 429];

interface Post {
  /** The channel's kind, for people. */
  kind: string;
  url: string;
  method?: "POST" | "PATCH" | undefined;
  headers?: Record<string, string> | undefined;
  body: string;
  signal: AbortSignal;
}

/**
 * Sends JSON and answers the text of a 2xx answer within 10 s; redirects are refused, since they could carry the message elsewhere.
 * Throws `SendFailure`, which names the host only: the path of a webhook is often its password.
 */
export async function postJson({ kind, url, method = "POST", headers, body, signal }: Post): Promise<string> {
  const who = `${kind} ${URL.parse(url)?.host ?? "with an invalid url"}`;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  try {
    const response = await fetch(url, {
      method,
      headers: { "content-type": "application/json", "user-agent": "stationmaster", ...headers },
      body,
      redirect: "manual",
      signal: deadline,
    });
    if (response.ok) return await beginningOf(response);
    await response.body?.cancel().catch(() => {});
    throw refusal(who, response);
  } catch (cause) {
    if (cause instanceof SendFailure) throw cause;
    const reason = deadline.aborted && !signal.aborted ? `no answer within ${DEADLINE_MS / 1_000} s` : reasonOf(cause);
    const retryable = URL.canParse(url);
    throw new SendFailure({ who, reason, retryable, isRefused: isConnectionRefused(cause), cause });
  }
}

function refusal(who: string, { status, headers }: Response): SendFailure {
  const redirect = status >= 300 && status < 400;
  const wait = Number(headers.get("retry-after") ?? Number.NaN);
  return new SendFailure({
    ...{ who, status },
    reason: `answered ${status}${redirect ? ", and redirects are not followed" : ""}`,
    retryable: status >= 500 || PASSING.includes(status),
    retryAfterMs: Number.isFinite(wait) && wait >= 0 ? wait * 1_000 : undefined,
    isRefused: true,
  });
}

/** The first bytes of an answer, as text. */
export async function beginningOf({ body }: Response, most = LARGEST_ANSWER): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    parts.push(part);
    size += part.length;
    if (size > most) break;
  }
  return Buffer.concat(parts).subarray(0, most).toString();
}

/** The JSON of an answer; undefined for what is none. */
export function jsonOf(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}
