/** What was found out about a release while it bakes. */
export interface PostCheck {
  item: string;
  ok: boolean;
  /** It could not be looked at, and the evidence says why; that is no failure. */
  skipped: boolean;
  evidence: string;
}

/** One run of a check with `steps`, the way of a canary user through the application. */
export interface Journey {
  name: string;
  /** `unknown`: it could not be asked. */
  outcome: "ok" | "fail" | "unknown";
  detail: string;
}

/** What the checks after a deployment need of the layers above. */
export interface PostSources {
  /** Whether pages are opened in a browser of this machine. */
  browser: boolean;
  /** Runs every check with `steps` once against the environment. */
  journeys(signal: AbortSignal): Promise<Journey[]>;
}
