/** What went wrong with a request, with a stable code and the next step where the server named one. */
export class ApiFailure extends Error {
  readonly code: string;
  readonly next: string | null;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;

  constructor(detail: { code: string; message: string; next: string | null; status: number; cause?: unknown }) {
    super(detail.message, { cause: detail.cause });
    this.name = "ApiFailure";
    this.code = detail.code;
    this.next = detail.next;
    this.status = detail.status;
  }
}

/** Any thrown value as an ApiFailure; what did not come from the server is reported as unreachable. */
export function toFailure(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error;
  const timedOut = error instanceof DOMException && error.name === "TimeoutError";
  return new ApiFailure({
    code: timedOut ? "SM-WEB-TIMEOUT" : "SM-WEB-UNREACHABLE",
    message: timedOut ? "Stationmaster did not answer in time" : "Stationmaster cannot be reached",
    next: "check that `stationmaster up` is running",
    status: 0,
    cause: error,
  });
}
