import type { z } from "zod";
import { ApiError } from "../../contract/status.ts";
import { ExternalError, type KnownError, PolicyError, UserError } from "../../core/errors.ts";

const DEADLINE_MS = 15_000;

export interface Daemon {
  url: string;
  token?: string;
}

interface Call {
  method?: "GET" | "POST" | "DELETE";
  body?: unknown;
  /** Who asks, for the audit. */
  actor?: string;
  /** Milliseconds the whole answer may take. */
  deadlineMs?: number;
}

/** Asks the daemon and checks the answer; unknown fields are ignored. Throws what the daemon threw, or `SM-DAEMON-…`. */
export async function ask<S extends z.ZodType>(
  daemon: Daemon,
  path: string,
  schema: S,
  { method = "GET", body, actor, deadlineMs = DEADLINE_MS }: Call = {},
): Promise<z.output<S>> {
  const headers: Record<string, string> = { accept: "application/json", ...authorization(daemon) };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (actor !== undefined) headers["x-stationmaster-actor"] = actor;
  const signal = AbortSignal.timeout(deadlineMs);
  const request = { method, headers, signal, redirect: "error", body: JSON.stringify(body) } as const;
  const { response, answer } = await fetch(new URL(path, daemon.url), request)
    .then(async (found) => ({ response: found, answer: readJson(await found.text()) }))
    .catch((error: unknown) => {
      throw unanswered(error, daemon);
    });
  if (!response.ok) throw refusal(response.status, answer);
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unexpected(`${path}: ${issue?.path.map(String).join(".")} ${issue?.message}`);
}

/** Opens a stream of server-sent events; `signal` ends it. Same errors as `ask`. */
export async function openStream(
  daemon: Daemon,
  path: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  // The deadline is for the headers only: the stream itself goes on.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException("no headers", "TimeoutError")), DEADLINE_MS);
  const headers = { accept: "text/event-stream", ...authorization(daemon) };
  try {
    const request = { headers, redirect: "error", signal: AbortSignal.any([signal, late.signal]) } as const;
    const response = await fetch(new URL(path, daemon.url), request).catch((error: unknown) => {
      throw unanswered(error, daemon);
    });
    if (!response.ok) throw refusal(response.status, readJson(await response.text().catch(() => "")));
    if (response.body) return response.body;
    throw unexpected(`${path}: no stream`);
  } finally {
    clearTimeout(timer);
  }
}

function authorization({ token }: Daemon): Record<string, string> {
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** The value a JSON text stands for; undefined when it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The daemon's own error, in the class that its exit code stands for. */
function refusal(status: number, answer: unknown): KnownError {
  const known = ApiError.safeParse(answer);
  if (!known.success) return unexpected(`status ${status} without a reason`);
  const { code, message, next, exitCode } = known.data.error;
  const detail = { code, message, next: next ?? undefined };
  if (exitCode === 2) return new UserError(detail);
  if (exitCode === 3) return new PolicyError(detail);
  return new ExternalError({ ...detail, status, retryable: status === 503 });
}

function unexpected(what: string): ExternalError {
  return new ExternalError({
    code: "SM-DAEMON-ANSWER",
    message: `the daemon's answer is not as agreed (${what})`,
    next: "daemon and command may be of different versions: restart the daemon",
  });
}

function unanswered(cause: unknown, { url }: Daemon): ExternalError {
  const late = cause instanceof DOMException && cause.name === "TimeoutError";
  return new ExternalError({
    code: late ? "SM-DAEMON-SLOW" : "SM-DAEMON-GONE",
    message: late ? `the daemon at ${url} does not answer in time` : `no daemon answers at ${url}`,
    next: late ? "try again; the daemon's log may say what it does" : "start it with `stationmaster up`",
    retryable: true,
    cause,
  });
}
