import { isKnownError } from "../core/errors.ts";

/** Class 08: connection exceptions; 57P01 to 57P03: the server shuts down, crashed or starts. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SERVER_GONE = /^(08...|57P0[123])$/;
const CUT_OFF = ["ECONNRESET", "EPIPE"];
/** What the client library says without any code. */
const CLIENT_LOST =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

interface Failure {
  code?: unknown;
  syscall?: unknown;
  message?: unknown;
  cause?: unknown;
}

/** Whether a failure means that the database is not there at the moment, and not that it refused something. */
export function isStoreAway(error: unknown): boolean {
  if (isKnownError(error)) return error.code === "SM-STORE-CONNECT";
  if (typeof error !== "object" || error === null) return false;
  const { code, syscall, message, cause }: Failure = error;
  if (typeof code === "string" && (SERVER_GONE.test(code) || syscall === "connect" || CUT_OFF.includes(code)))
    return true;
  if (typeof message === "string" && CLIENT_LOST.test(message)) return true;
  return isStoreAway(cause);
}
