import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ZodError } from "zod";
import type { ApiError } from "../contract/status.ts";
import { Bug, ExternalError, type KnownError, PolicyError, toKnownError, UserError } from "../core/errors.ts";
import { createRedactor } from "../core/redact.ts";

/** Codes of this folder whose status says more than their kind. */
const OWN_STATUS: Readonly<Record<string, ContentfulStatusCode>> = {
  "SM-SERVER-AUTH": 401,
  "SM-SERVER-ORIGIN": 403,
  "SM-SERVER-HOST": 403,
  "SM-REQUEST-SIZE": 413,
  "SM-REQUEST-TYPE": 415,
  "SM-SERVER-CLOSING": 503,
  "SM-HOOK-SIGNATURE": 401,
  "SM-HOOK-RATE": 429,
  "SM-HEARTBEAT-RATE": 429,
  "SM-DEVOPS-RATE": 429,
};
const redact = createRedactor();

/** The HTTP status of a failure. */
export function statusOf(error: KnownError): ContentfulStatusCode {
  const own = OWN_STATUS[error.code];
  if (own) return own;
  if (error instanceof UserError) return error.code.endsWith("-UNKNOWN") ? 404 : 400;
  if (error instanceof PolicyError) return 409;
  return error instanceof ExternalError ? 502 : 500;
}

/** The body of an error answer, without stacks, causes or secrets. */
export function apiErrorOf({ code, message, next, exitCode }: KnownError): ApiError {
  return { error: { code, message: redact(message), next: next === undefined ? null : redact(next), exitCode } };
}

/** What the framework throws about a request, in our words; undefined when it is not about the request. */
export function requestErrorOf(error: unknown): KnownError | undefined {
  const known = toKnownError(error);
  if (!(known instanceof Bug)) return known;
  if (!(error instanceof HTTPException)) return undefined;
  if (error.status === 415) return notJson();
  return new UserError({
    code: "SM-REQUEST-INVALID",
    message: "the body is not valid JSON",
    next: "send a JSON object",
  });
}

export function notJson(): UserError {
  return new UserError({
    code: "SM-REQUEST-TYPE",
    message: "the body is not declared as JSON",
    next: "send it with `Content-Type: application/json`",
  });
}

/** The first thing wrong with a request, in our words; `target` is the part it is in: `json`, `query` or `param`. */
export function invalidRequest({ issues }: ZodError, target: string): UserError {
  const issue = issues[0];
  const keys = issue?.code === "unrecognized_keys" ? issue.keys : [];
  const field = [...(issue?.path ?? []), ...keys.slice(0, 1)].map(String).join(".");
  const part = target === "json" ? "body" : target;
  const reason = issue ? reasonOf(issue) : "not valid";
  return new UserError({
    code: "SM-REQUEST-INVALID",
    message: field ? `the field "${field}" of the ${part} is wrong: ${reason}` : `the ${part} is wrong: ${reason}`,
    next: "see /openapi.json for what is expected",
  });
}

const KINDS: Readonly<Record<string, string>> = { array: "an array", object: "an object", int: "a whole number" };

/** What the schemas' library says is made for programmers; where the schema has words of its own they are better. */
function reasonOf(issue: ZodError["issues"][number]): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return "there is no such field";
    case "invalid_type":
      return `it must be ${KINDS[issue.expected] ?? `a ${issue.expected}`}`;
    case "invalid_value":
      return `it must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
    case "too_big":
      return issue.origin === "string" ? `at most ${issue.maximum} characters` : `at most ${issue.maximum}`;
    case "too_small":
      return issue.origin === "string" ? `at least ${issue.minimum} characters` : `at least ${issue.minimum}`;
    case "invalid_format":
      return issue.message.startsWith("Invalid ") ? "it does not have the right form" : issue.message;
    default:
      return "not valid";
  }
}
