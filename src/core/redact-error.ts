import { type KnownError, toKnownError } from "./errors.ts";

type Redact = (text: string) => string;

/** The error as one of the known kinds; its texts and those of its causes are redacted in place, stacks included. */
export function redactError(error: unknown, redact: Redact): KnownError {
  const known = toKnownError(error);
  const seen = new Set<Error>();
  for (let current: unknown = known; current instanceof Error && !seen.has(current); current = current.cause) {
    seen.add(current);
    for (const key of ["message", "stack", "next"] as const) {
      const text = (current as { next?: string } & Error)[key];
      // Some errors of the platform (an abort's) have their message from a getter, which cannot be assigned to.
      if (text) Reflect.defineProperty(current, key, { value: redact(text), writable: true, configurable: true });
    }
  }
  return known;
}

/** The same functions, whose errors go through `redactError` before anybody can show them. */
export function withRedactedErrors<T extends object>(functions: T, redact: Redact): T {
  const fail = (error: unknown) => {
    throw redactError(error, redact);
  };
  const guarded = Object.entries(functions).map(([name, call]: [string, (...args: unknown[]) => unknown]) => {
    const guard = (...args: unknown[]) => {
      try {
        const answer = call(...args);
        return answer instanceof Promise ? answer.catch(fail) : answer;
      } catch (error) {
        return fail(error);
      }
    };
    return [name, guard] as const;
  });
  return Object.fromEntries(guarded) as T;
}
