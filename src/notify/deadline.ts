/**
 * Runs `work` with a signal that aborts after `ms` or with `signal`, and stops waiting at that moment even when the work
 * ignores it. Rejects with the reason of the abort (a `TimeoutError` after `ms`).
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  ms: number,
  signal: AbortSignal,
): Promise<T> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  deadline.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(deadline.reason);
  deadline.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work(deadline), aborted]);
  } finally {
    deadline.removeEventListener("abort", onAbort);
  }
}
