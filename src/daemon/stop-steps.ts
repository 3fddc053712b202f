import { ExternalError, toKnownError } from "../core/errors.ts";

/** One thing that was started, and how it is ended. */
export interface StopStep {
  what: string;
  end(): Promise<unknown> | unknown;
}

/** Carries out every step in order, whatever became of those before. Throws `SM-STOP-INCOMPLETE`, naming those that failed. */
export async function endAll(steps: readonly StopStep[]): Promise<void> {
  const failed: { what: string; error: unknown }[] = [];
  for (const { what, end } of steps) {
    try {
      await end();
    } catch (error) {
      failed.push({ what, error });
    }
  }
  const [first] = failed;
  if (!first) return;
  throw new ExternalError({
    code: "SM-STOP-INCOMPLETE",
    message: `not everything was stopped: ${failed.map(({ what, error }) => `${what} (${toKnownError(error).message})`).join(", ")}`,
    next: "run stationmaster down",
    cause: first.error,
  });
}

/** Waits for `work`, but no longer than until the signal aborts. */
export async function orHurry(work: Promise<unknown>, hurry: AbortSignal): Promise<void> {
  if (hurry.aborted) {
    work.catch(() => {});
    return;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  const give = () => resolve();
  hurry.addEventListener("abort", give, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    hurry.removeEventListener("abort", give);
  }
}
