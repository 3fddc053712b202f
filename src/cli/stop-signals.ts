import { note } from "./output.ts";

/** A terminal and npm may both deliver one Ctrl-C; only a later one means "faster". */
const SAME_INTERRUPT_MS = 1_500;

interface Asked {
  /** Aborts with the first signal. */
  stop: AbortSignal;
  /** Aborts with the second: nothing is waited for that can be killed. */
  hurry: AbortSignal;
}

/** From now on signals are wishes to stop, which waits for `what`; the third ends this process as it is. */
export function listenForStop(what: string): Asked {
  const stop = new AbortController();
  const hurry = new AbortController();
  let last = 0;
  const hear = () => {
    const now = Date.now();
    if (now - last < SAME_INTERRUPT_MS) return;
    last = now;
    if (hurry.signal.aborted) process.exit(130);
    note(stop.signal.aborted ? "\nstopping at once" : `\nstopping; Ctrl-C again does not wait for ${what}`);
    (stop.signal.aborted ? hurry : stop).abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, hear);
  return { stop: stop.signal, hurry: hurry.signal };
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
