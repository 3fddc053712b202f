import { ExternalError, UserError } from "../core/errors.ts";

/** `SM-CHECK-UNKNOWN`, for an id or a name that no check has; `guess` is what may be meant. */
export function unknownCheck(id: string, guess?: string): UserError {
  return new UserError({
    code: "SM-CHECK-UNKNOWN",
    message: `there is no check ${id}`,
    next: guess === undefined ? "stationmaster checks lists them" : `did you mean "${guess}"?`,
  });
}

export function stopped(): ExternalError {
  return new ExternalError({
    code: "SM-WATCH-STOPPED",
    message: "the watch is not running",
    next: "start it with stationmaster up",
    retryable: true,
  });
}
