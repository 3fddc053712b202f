import { ExternalError, systemCode } from "../core/errors.ts";
import { clip } from "../core/text.ts";

const LONGEST_SHOWN = 200;

/** What the request was, without what proves who we are: `POST /repos/acme/shop/issues`. */
type What = string;

/** GitHub refused: the status says whether the token, its permissions or the request are at fault. */
export function refused(what: What, status: number, message: string): ExternalError {
  if (status >= 500) return away(what, `answered ${status}`, status);
  return new ExternalError({
    code: "SM-GITHUB-REFUSED",
    message: `${what} was refused (${status}): ${clip(message, LONGEST_SHOWN)}`,
    next: NEXT[status] ?? "see stationmaster doctor",
    status,
  });
}

const NEXT: Record<number, string> = {
  401: "the token under github.token is not valid, or has ended",
  403: "the token needs write access to issues of the repository",
  404: "see whether `repository` is right and the token may see it",
  410: "issues are switched off in the repository, or this one was deleted",
};

/** Nobody knows whether the request arrived; `reason` in words. */
export function away(what: What, reason: string, status?: number): ExternalError {
  return new ExternalError({
    code: "SM-GITHUB-AWAY",
    message: `${what}: GitHub ${reason}`,
    next: "it is tried again; see githubstatus.com",
    retryable: true,
    ...(status === undefined ? {} : { status }),
  });
}

export function moved(what: What, status: number): ExternalError {
  return new ExternalError({
    code: "SM-GITHUB-MOVED",
    message: `${what} was redirected (${status}), and the token is sent nowhere else`,
    next: "the repository was renamed or github.api is not the API: correct it in the manifest",
    status,
  });
}

/** `until` in epoch ms. */
export function limited(until: number): ExternalError {
  return new ExternalError({
    code: "SM-GITHUB-LIMIT",
    message: `GitHub takes no more requests until ${new Date(until).toISOString()}`,
    next: "it goes on by itself then",
    retryable: true,
    status: 429,
  });
}

export function unreadable(what: What): ExternalError {
  return new ExternalError({
    code: "SM-GITHUB-ANSWER",
    message: `${what} was answered in another form than GitHub's`,
    next: "see whether github.api leads to the REST API",
  });
}

/** Why no answer came, in words of the system. */
export function reasonOf(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const code = systemCode(cause);
    if (code) return `cannot be reached (${code})`;
  }
  return "cannot be reached";
}
