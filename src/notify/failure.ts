import { ExternalError, systemCode } from "../core/errors.ts";

interface FailureDetail {
  /** Which channel and server, without what proves who we are. */
  who: string;
  reason: string;
  /** False where a repeat would be refused alike. */
  retryable: boolean;
  status?: number | undefined;
  /** What the receiver asks to wait, ms. */
  retryAfterMs?: number | undefined;
  /** Whether it is sure that nobody got the message. */
  isRefused?: boolean;
  /** Whether some of those who were to get it did: it is not sent again. */
  partly?: boolean;
  cause?: unknown;
}

/** A message that a channel did not take. */
export class SendFailure extends ExternalError {
  readonly retryAfterMs: number | undefined;
  readonly isRefused: boolean;
  readonly partly: boolean;

  constructor({
    who,
    reason,
    retryable,
    status,
    retryAfterMs,
    isRefused = false,
    partly = false,
    cause,
  }: FailureDetail) {
    super({
      code: "SM-NOTIFY-SEND",
      message: `${who}: ${reason}`,
      next: retryable
        ? "it is tried again"
        : "correct the channel under notify, then try it with stationmaster notify test",
      retryable,
      ...(status === undefined ? {} : { status }),
      cause,
    });
    this.retryAfterMs = retryAfterMs;
    this.isRefused = isRefused || !retryable;
    this.partly = partly;
  }
}

/** Why no connection came about, in words of the system. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  return systemCode(cause) ?? (cause instanceof Error ? cause.message : String(cause));
}

/** Whether nobody listens there, so that nobody can have got the message. */
export function isConnectionRefused(error: unknown): boolean {
  return ["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH"].includes(reasonOf(error));
}
