/** Faults a demo or a test switches on by the variable FAULT; none by default. */
export interface Faults {
  /** The process exits with code 1 this many milliseconds after its start. */
  crashAfterMs: number | undefined;
  /** Share (0-1) of requests, other than `/health`, answered with 500. */
  errorRate: number;
  /** Milliseconds every request waits before it is handled. */
  slowMs: number;
  /** `/health` always answers 503. */
  neverHealthy: boolean;
  /** SIGTERM is logged and ignored. */
  ignoreSigterm: boolean;
}

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000 };

/** Reads a comma-separated list such as `slow:500ms,error-rate:0.2`; throws on anything it does not know. */
export function parseFaults(text: string | undefined): Faults {
  const faults: Faults = {
    crashAfterMs: undefined,
    errorRate: 0,
    slowMs: 0,
    neverHealthy: false,
    ignoreSigterm: false,
  };
  for (const item of (text ?? "").split(",").map((part) => part.trim())) {
    const [name, value] = item.split(":");
    if (name === "") continue;
    else if (name === "crash-after") faults.crashAfterMs = milliseconds(item, value);
    else if (name === "slow") faults.slowMs = milliseconds(item, value);
    else if (name === "error-rate") faults.errorRate = share(item, value);
    else if (name === "never-healthy") faults.neverHealthy = true;
    else if (name === "ignore-sigterm") faults.ignoreSigterm = true;
    else
      throw new Error(
        `FAULT: "${item}" is not known; use crash-after:5s, error-rate:0.2, slow:500ms, never-healthy or ignore-sigterm`,
      );
  }
  return faults;
}

function milliseconds(item: string, value = ""): number {
  const match = /^(\d+)(ms|s|m)$/.exec(value);
  if (!match) throw new Error(`FAULT: "${item}" needs a time such as 500ms or 5s`);
  return Number(match[1]) * (UNITS[match[2] ?? "ms"] ?? 1);
}

function share(item: string, value = ""): number {
  const rate = Number(value);
  if (value === "" || !(rate >= 0 && rate <= 1)) throw new Error(`FAULT: "${item}" needs a share from 0 to 1`);
  return rate;
}
