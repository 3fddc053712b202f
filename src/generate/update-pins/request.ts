import type { ZodType } from "zod";
import { ExternalError } from "../../core/errors.ts";

const DEADLINE_MS = 15_000;
const LARGEST_ANSWER = 8 << 20;

export interface Ask {
  signal: AbortSignal;
  deadlineMs?: number;
  headers?: Readonly<Record<string, string>>;
}

/** An answer to a request; a deadline, a failed connection and a status of 400 and more throw `SM-PINS-ANSWER`, 401 is left to the caller. */
export async function ask(url: string, { signal, deadlineMs = DEADLINE_MS, headers = {} }: Ask): Promise<Response> {
  const deadline = AbortSignal.timeout(deadlineMs);
  let answer: Response;
  try {
    answer = await fetch(url, { headers, signal: AbortSignal.any([signal, deadline]), redirect: "follow" });
  } catch (error) {
    signal.throwIfAborted();
    const why = deadline.aborted
      ? `did not answer within ${deadlineMs / 1_000} s`
      : `is not reachable (${reason(error)})`;
    throw failure(url, why, error);
  }
  if (answer.status < 400 || answer.status === 401) return answer;
  await answer.body?.cancel();
  throw failure(
    url,
    answer.status === 429 || answer.headers.get("x-ratelimit-remaining") === "0"
      ? "takes no more requests for now"
      : `answers ${answer.status}`,
  );
}

/** The JSON of an answer, in the shape that is expected. */
export async function json<T>(
  answer: Response,
  schema: ZodType<T>,
  signal: AbortSignal,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  return parsed(answer.url, await content(answer, signal, deadlineMs), schema);
}

/** The bytes of an answer, all of which have to come before the deadline. */
export async function content(
  answer: Response,
  signal: AbortSignal,
  deadlineMs = DEADLINE_MS,
  largest = LARGEST_ANSWER,
): Promise<Buffer> {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    return await whole(answer, AbortSignal.any([signal, deadline]), largest);
  } catch (error) {
    signal.throwIfAborted();
    throw failure(
      answer.url,
      deadline.aborted || (error instanceof Error && error.name === "TimeoutError")
        ? "stopped in the middle of its answer"
        : reason(error),
      error,
    );
  }
}

/** Bytes that came from an address, as JSON of a shape. */
export function parsed<T>(url: string, bytes: Buffer, schema: ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw failure(url, "does not answer with JSON", error);
  }
  const read = schema.safeParse(value);
  if (!read.success) throw failure(url, "answers in another form than expected", read.error);
  return read.data;
}

async function whole(answer: Response, signal: AbortSignal, largest: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = answer.body?.getReader();
  const stop = () => reader?.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      size += part.value.length;
      if (size > largest) throw new Error("the answer is too large");
      parts.push(part.value);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
  signal.throwIfAborted();
  return Buffer.concat(parts);
}

function failure(url: string, why: string, cause?: unknown): ExternalError {
  return new ExternalError({
    code: "SM-PINS-ANSWER",
    message: `${URL.parse(url)?.host ?? url} ${why}`,
    next: "the pin stays as it is; try again later",
    retryable: true,
    cause,
  });
}

function reason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error
    ? "code" in cause && typeof cause.code === "string"
      ? cause.code
      : cause.message
    : String(cause);
}
