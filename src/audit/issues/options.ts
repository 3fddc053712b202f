import type { Clock } from "../../core/clock.ts";
import type { Redactor } from "../../core/redact.ts";
import type { Tracker } from "../../github/tracker.ts";
import type { Store } from "../../store/connect.ts";
import type { Place } from "../figures.ts";

/** What keeps issues in step with action items and audits. */
export interface ReportIssueOptions {
  store: Store;
  place: Place;
  /** `owner/name` */
  repository: string;
  tracker: Tracker;
  settings: {
    /** Whether the weekly audit becomes an issue. */
    audit: boolean;
  };
  /** Says that an action item is done, whatever became of it in the meantime. */
  finishItem(id: string, actor: string): Promise<void>;
  clock: Clock;
  redact: Redactor;
  report(error: unknown): void;
  /** Aborts when the daemon stops. */
  signal: AbortSignal;
}
