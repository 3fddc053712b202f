import { ExternalError, UserError } from "../core/errors.ts";

/** `SM-CHECK-UNKNOWN`, for an id or a name that no check has. */
export function unknownCheck(id: string): UserError {
  return new UserError({
    code: "SM-CHECK-UNKNOWN",
    message: `there is no check ${id}`,
    next: "stationmaster checks lists them",
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
