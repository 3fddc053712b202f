/** One service in one environment. */
export interface Target {
  app: string;
  environment: string;
  service: string;
}

/** Every call ends or is cancelled. */
export interface Context {
  signal: AbortSignal;
  /** Of the lease the work is done under; a target with a lease of its own refuses every other. Left out for looks. */
  generation?: number;
  /** On how many hosts the call has to succeed; left out: on all. */
  quorum?: number | undefined;
}
