import type { Severity } from "../../contract/incident.ts";
import type { Clock } from "../../core/clock.ts";
import type { Redactor } from "../../core/redact.ts";
import type { Tracker } from "../../github/tracker.ts";
import type { Store } from "../../store/connect.ts";
import type { Incidents } from "../incidents.ts";
import type { Place } from "../rows.ts";

/** What keeps issues in step with incidents. */
export interface SyncOptions {
  store: Store;
  place: Place;
  /** `owner/name` */
  repository: string;
  tracker: Tracker;
  incidents: Pick<Incidents, "get" | "setFrozen">;
  settings: { severities: readonly Severity[]; assignees: string[]; dispatch?: string | undefined };
  /** Where people find the dashboard. */
  baseUrl(): string | null;
  clock: Clock;
  redact: Redactor;
  report(error: unknown): void;
  /** Aborts when the daemon stops. */
  signal: AbortSignal;
}
