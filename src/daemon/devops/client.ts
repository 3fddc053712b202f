import type { DevOpsAnswer, DevOpsCleanup } from "../../contract/devops.ts";
import { ExternalError, isKnownError, PolicyError } from "../../core/errors.ts";
import { createRate } from "../../core/rate.ts";
import { type Redactor, redactDeep, type Secret } from "../../core/redact.ts";
import { clip } from "../../core/text.ts";

const DEADLINE_MS = 10_000;
const LARGEST_BODY = 64 * 1024;
const LONGEST_SHOWN = 200;
const RATE = { burst: 10, everyMs: 1_000 };

/** All that is ever asked. */
const CALLS = {
  health: { method: "GET", path: "/api/devops/health" },
  stats: { method: "GET", path: "/api/devops/stats" },
  "stale-sessions": { method: "DELETE", path: "/api/devops/cleanup/stale-sessions" },
  orphans: { method: "DELETE", path: "/api/devops/cleanup/orphans" },
} as const satisfies Record<"health" | "stats" | DevOpsCleanup, { method: string; path: string }>;
export type DevOpsCall = keyof typeof CALLS;

interface Place {
  url: string;
  secret: Secret;
}

/**
 * Asks the DevOps API of the application: at most 10 s and 64 KiB an answer, and 10 calls at once and one a second after them.
 * Redirects are refused, since they would carry the secret elsewhere. Throws ExternalError `SM-DEVOPS-…` and PolicyError `SM-DEVOPS-RATE`.
 */
export function createDevOpsClient(
  redact: Redactor,
): (place: Place, call: DevOpsCall, signal?: AbortSignal) => Promise<DevOpsAnswer> {
  const passes = createRate(RATE);
  return async ({ url, secret }, call, signal) => {
    if (!passes())
      throw new PolicyError({
        code: "SM-DEVOPS-RATE",
        message: "too many calls of the DevOps API",
        next: "try again in a minute",
      });
    const { method, path } = CALLS[call];
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const request = {
      method,
      headers: { accept: "application/json", "x-devops-secret": secret.unwrap() },
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    } as const;
    try {
      const response = await fetch(`${url.replace(/\/+$/, "")}${path}`, request);
      const text = await readText(response);
      if (!response.ok) throw refused(`${method} ${path}`, response.status, redact(text));
      return { status: response.status, body: redactDeep(parsed(text), redact) };
    } catch (error) {
      if (isKnownError(error)) throw error;
      throw unanswered(`${method} ${path}`, deadline.aborted, error);
    }
  };
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > LARGEST_BODY)
      throw new ExternalError({
        code: "SM-DEVOPS-ANSWER",
        message: `the DevOps API answered more than ${LARGEST_BODY / 1024} KiB`,
        next: "make it answer a summary",
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ExternalError({
      code: "SM-DEVOPS-ANSWER",
      message: "the DevOps API did not answer JSON",
      next: "see whether devops.url leads to the right service",
      cause,
    });
  }
}

function refused(what: string, status: number, text: string): ExternalError {
  const redirect = status >= 300 && status < 400;
  return new ExternalError({
    code: "SM-DEVOPS-REFUSED",
    message: redirect
      ? `${what} was redirected (${status})`
      : `${what} answered ${status}: ${clip(text.trim(), LONGEST_SHOWN)}`,
    next:
      status === 401 || status === 403
        ? "compare devops.secret with the secret of the application"
        : "see whether devops.url leads to the right service, and its log",
    status,
  });
}

function unanswered(what: string, late: boolean, cause: unknown): ExternalError {
  return new ExternalError({
    code: "SM-DEVOPS-AWAY",
    message: late ? `${what} was not answered within ${DEADLINE_MS / 1_000} s` : `${what} was not answered`,
    next: "see whether the service of devops.url runs: stationmaster status",
    retryable: true,
    cause,
  });
}
