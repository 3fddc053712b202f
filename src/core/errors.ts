/** What a person or a program needs from a failure: what, why, and what to do next. */
export interface ErrorDetail {
  /** Stable identifier, e.g. `SM-CONFIG-KEY`. */
  code: string;
  /** One sentence: what is wrong. */
  message: string;
  /** One sentence: what to do next. */
  next?: string;
  cause?: unknown;
}

abstract class StationmasterError extends Error {
  readonly code: string;
  readonly next: string | undefined;
  abstract readonly exitCode: number;

  constructor(detail: ErrorDetail) {
    super(detail.message, { cause: detail.cause });
    this.name = new.target.name;
    this.code = detail.code;
    this.next = detail.next;
  }
}

/** Wrong usage or configuration; the user can mend it. Exit code 2. */
export class UserError extends StationmasterError {
  readonly exitCode: number = 2;
}

/** Refused by policy (approval, freeze, lock, concurrent rollout). Exit code 3. */
export class PolicyError extends StationmasterError {
  readonly exitCode = 3;
}

/** Something outside failed: a host, a process, an API. Exit code 1. */
export class ExternalError extends StationmasterError {
  readonly exitCode = 1;
  readonly retryable: boolean;
  readonly status: number | undefined;

  constructor(detail: ErrorDetail & { retryable?: boolean; status?: number }) {
    super(detail);
    this.retryable = detail.retryable ?? false;
    this.status = detail.status;
  }
}

/** Begun, but nobody could be asked how it ended. Exit code 4. */
export class OutcomeUnknown extends StationmasterError {
  readonly exitCode = 4;
}

/** A fault of our own. Exit code 1. */
export class Bug extends StationmasterError {
  readonly exitCode = 1;
}

/** Whether something outside did not answer that may answer later, such as a host that is cut off. */
export function isAway(error: unknown): boolean {
  return error instanceof ExternalError && error.retryable;
}

/** Whether a host is lost for the work at hand: it is away, or fell silent in the middle of a call. */
export function isLost(error: unknown): boolean {
  return isAway(error) || (error instanceof ExternalError && error.code === "SM-SSH-DEADLINE");
}

export type KnownError = UserError | PolicyError | ExternalError | OutcomeUnknown | Bug;

/** Whether an error is one of the kinds of this file. */
export function isKnownError(error: unknown): error is KnownError {
  return error instanceof StationmasterError;
}

/** Turns anything thrown into one of the known kinds; an unknown one is a `Bug`. */
export function toKnownError(error: unknown): KnownError {
  if (isKnownError(error)) return error;
  if (isFailedQuery(error))
    return new ExternalError({
      code: "SM-STORE-QUERY",
      message: `the database refused: ${error.cause instanceof Error ? error.cause.message : "no reason given"}`,
      next: "see stationmaster doctor",
      cause: withoutValues(error),
      retryable: true,
    });
  const message = error instanceof Error ? error.message : String(error);
  return new Bug({
    code: "SM-BUG",
    message: message || "an error without a message",
    next: "run again with --verbose and report the stack",
    cause: error,
  });
}

interface FailedQuery extends Error {
  query: unknown;
  params: unknown;
}

/** A query error of the database layer; its own message holds the whole statement with its values. */
function isFailedQuery(error: unknown): error is FailedQuery {
  return error instanceof Error && "query" in error && "params" in error;
}

/** The same error: the statement stays, with its placeholders; the values may be anything, so they go. */
function withoutValues(error: FailedQuery): FailedQuery {
  const message = `failed query: ${error.query}`;
  const stack = error.stack?.replace(error.message, () => message);
  return Object.assign(error, { message, stack, params: [] });
}

/** The one line a user sees: `error SM-X: what is wrong; what to do next`. */
export function oneLine(error: unknown): string {
  const known = toKnownError(error);
  const text = known.next ? `${known.message}; ${known.next}` : known.message;
  return `error ${known.code}: ${text.replace(/\s*\n\s*/g, " ")}`;
}

/** The errno-style code of a system error (`ENOENT`, `EADDRINUSE`, …), if it has one. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
