/** Resolves once the page can be seen, at once if it can; also when `signal` aborts. */
export function untilVisible(signal: AbortSignal): Promise<void> {
  if (!document.hidden || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const check = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", check);
      resolve();
    };
    document.addEventListener("visibilitychange", check);
    signal.addEventListener("abort", check);
  });
}

/** Aborts when the page is hidden or `signal` aborts; `forget` removes the listener. */
export function whileVisible(signal: AbortSignal): { seen: AbortSignal; forget: () => void } {
  const hidden = new AbortController();
  const check = () => {
    if (document.hidden) hidden.abort();
  };
  document.addEventListener("visibilitychange", check);
  return {
    seen: AbortSignal.any([signal, hidden.signal]),
    forget: () => document.removeEventListener("visibilitychange", check),
  };
}
