import { toKnownError } from "../core/errors.ts";
import { isStoreAway } from "../store/away.ts";

const REPEAT_MS = 60_000;

/** Tells the person at the terminal of failures in the background. */
export interface Reporter {
  /** One line, the same at most once a minute; while the store is away one line for all that fails because of it. */
  report(error: unknown): void;
  /** The store was asked and answered. */
  storeAnswers(): void;
}

/** `redact` takes secrets out of every line. */
export function createReporter(
  warn: (line: string) => void,
  { redact, now = Date.now }: { redact(text: string): string; now?(): number },
): Reporter {
  const said = new Map<string, number>();
  let away = false;
  return {
    report: (error) => {
      if (isStoreAway(error)) {
        if (!away) warn("the store does not answer; users are served, and it is tried again");
        away = true;
        return;
      }
      const { code, message } = toKnownError(plain(error));
      const line = redact(`${code}: ${message}`.replace(/\s*\n\s*/g, " "));
      if (now() - (said.get(line) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return;
      said.set(line, now());
      warn(line);
    },
    storeAnswers: () => {
      if (away) warn("the store answers again");
      away = false;
    },
  };
}

/** Libraries also report copies of errors: objects with a message. */
function plain(error: unknown): unknown {
  if (error instanceof Error || typeof error !== "object" || error === null || !("message" in error)) return error;
  return new Error(String(error.message), { cause: error });
}
