import type { MaintenanceConfig } from "../../config/maintenance.ts";
import type { Clock } from "../../core/clock.ts";
import type { Store } from "../../store/connect.ts";
import { standingSilences } from "../../store/silences.ts";
import type { SilenceRow } from "../../store/tables/silence.ts";
import { type Hold, type Hush, type HushSubject, holdsOf, isActive, matches } from "./silence.ts";

/** The store is asked again after this time; other processes may have changed it. */
const FRESH_MS = 5_000;

export interface Silences {
  /** Reads anew what the store has. */
  refresh(): Promise<void>;
  /** As of the last reading, with the windows of the manifest. */
  all(): Hush[];
  /** What keeps the subject quiet now. */
  holdsFor(subject: HushSubject): Hold[];
  /** Whether results of a check count neither for nor against it, at `at` (epoch ms). Asks memory only. */
  inMaintenance(checkId: string, at: number): boolean;
}

interface SilencesOptions {
  store: Store;
  app: string;
  environment: string;
  clock: Clock;
  /** The windows of the manifest in force, by name. */
  windows(): Readonly<Record<string, MaintenanceConfig>>;
  /** The service that a check speaks for. */
  serviceOf(checkId: string): string | null;
  report(error: unknown): void;
}

/** The silences and maintenance windows of one environment, held in memory. */
export function createSilences(options: SilencesOptions): Silences {
  const { store, app, environment, clock, windows, serviceOf, report } = options;
  let stored: readonly Hush[] = [];
  let readAt = Number.NEGATIVE_INFINITY;

  async function refresh(): Promise<void> {
    readAt = clock.monotonic();
    const rows = await standingSilences(store.db, { app, environment, at: new Date(clock.now()) });
    stored = rows.map(hushOf);
  }

  function all(): Hush[] {
    if (clock.monotonic() - readAt > FRESH_MS) void refresh().catch(report);
    return [...Object.entries(windows()).map(windowOf), ...stored];
  }

  return {
    refresh,
    all,
    holdsFor: (subject) => holdsOf(all(), subject, clock.now()),
    inMaintenance: (checkId, at) => {
      const standing = all().filter((hush) => hush.kind === "maintenance" && isActive(hush, at));
      if (standing.length === 0) return false;
      const subject = { environment, service: serviceOf(checkId), checks: [checkId] };
      return standing.some((hush) => matches(hush, subject));
    },
  };
}

/** A silence as the store has it. */
export function hushOf({ id, kind, matcher, author, reason, fromAt, untilAt, recurrence }: SilenceRow): Hush {
  return {
    ...{ id, kind, matcher, author, reason, recurrence },
    fromAt: fromAt.getTime(),
    untilAt: untilAt.getTime(),
  };
}

function windowOf([name, config]: [string, MaintenanceConfig]): Hush {
  const { cron, duration, zone, reason, ...matcher } = config;
  return {
    ...{ id: `maintenance.${name}`, kind: "maintenance", matcher, author: null, fromAt: null, untilAt: null },
    reason: reason ?? name,
    recurrence: { cron, durationMs: duration, zone },
  };
}
