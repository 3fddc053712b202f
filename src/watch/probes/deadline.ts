/** Waits for `work`, or answers what `late` says once the signal aborts; what `work` does afterwards is nobody's business. */
export async function untilDeadline<T>(signal: AbortSignal, work: () => Promise<T>, late: () => T): Promise<T> {
  if (signal.aborted) return late();
  const { promise, resolve } = Promise.withResolvers<T>();
  const onDeadline = () => resolve(late());
  signal.addEventListener("abort", onDeadline, { once: true });
  try {
    return await Promise.race([work(), promise]);
  } catch (error) {
    if (signal.aborted) return late();
    throw error;
  } finally {
    signal.removeEventListener("abort", onDeadline);
  }
}
