/** What was found out about a release while it bakes. */
export interface PostCheck {
  item: string;
  ok: boolean;
  /** It could not be looked at, and the evidence says why; that is no failure. */
  skipped: boolean;
  evidence: string;
}

/** What one of the manifest's checks found, asked for a release. */
export interface AskedCheck {
  name: string;
  /** `unknown`: it could not be asked. */
  outcome: "ok" | "fail" | "unknown";
  detail: string;
}

/** What the checks after a deployment need of the layers above. */
export interface PostSources {
  /** Whether pages are opened in a browser of this machine. */
  browser: boolean;
  /** Asks every check with `steps`, the way of a canary user through the application. What was down before `since` (epoch ms) is no failure. */
  journeys(since: number, signal: AbortSignal): Promise<AskedCheck[]>;
  /** Asks the other checks that speak for these services and go over the network; as for `journeys`. */
  checks(services: readonly string[], since: number, signal: AbortSignal): Promise<AskedCheck[]>;
}
