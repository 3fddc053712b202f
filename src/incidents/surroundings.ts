import { isOver } from "../contract/incident.ts";
import { withDeadline } from "../notify/deadline.ts";
import type { Store } from "../store/connect.ts";
import { inArray } from "../store/drizzle.ts";
import { checkState } from "../store/tables/watch.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { flapShare } from "./flap.ts";
import { failing, isFailing } from "./members.ts";
import { type Hold, isSilence } from "./silences/silence.ts";
import type { Silences } from "./silences/silences.ts";
import type { IncidentRecord } from "./types.ts";

const LOOK_MS = 2_000;

/** What a check or service needs, the nearest first, and which of it fails now. */
export interface Needs {
  all: string[];
  failing: string[];
}

/** Asks what the service and the checks need. */
export type NeedsLookup = (
  subject: { service: string | null; checks: readonly string[] },
  signal: AbortSignal,
) => Promise<Needs>;

interface SurroundingsOptions {
  store: Store;
  environment: string;
  needs: NeedsLookup;
  silences: Pick<Silences, "holdsFor">;
  /** Aborts when the daemon stops. */
  signal: AbortSignal;
}

/** What is around an incident that decisions rest on: what it needs, silences, the one it is folded into, and how much it flaps. */
interface Surroundings {
  ofVerdict(event: VerdictEvent): Promise<{ holds: Hold[]; needs: string[]; flap: number | null }>;
  /** `live`: all that are not over. Parts are left out where nothing depends on them now. */
  ofRecord(
    record: IncidentRecord,
    live: readonly IncidentRecord[],
    at: number,
  ): Promise<{ holds?: Hold[]; flap?: number }>;
}

export function createSurroundings({ store, environment, needs, silences, signal }: SurroundingsOptions): Surroundings {
  async function lookUp(service: string | null, checks: readonly string[]): Promise<Needs> {
    const asked = withDeadline((deadline) => needs({ service, checks }, deadline), LOOK_MS, signal);
    return await asked.catch(() => ({ all: [], failing: [] }));
  }

  async function share(checks: readonly string[]): Promise<number> {
    const rows = await store.db
      .select({ outcomes: checkState.outcomes })
      .from(checkState)
      .where(inArray(checkState.checkId, [...checks]));
    return Math.max(0, ...rows.map(({ outcomes }) => flapShare(outcomes.map(({ outcome }) => outcome))));
  }

  return {
    ofVerdict: async ({ checkId, service, to }) => {
      if (!isFailing({ verdict: to })) return { holds: [], needs: [], flap: await share([checkId]) };
      const { all, failing: failed } = await lookUp(service, [checkId]);
      const silenced = silences.holdsFor({ environment, service, checks: [checkId] });
      return { holds: [...failed.map(hold), ...silenced], needs: all, flap: await share([checkId]) };
    },
    ofRecord: async (record, live, at) => {
      const { service, suppressed, state, flapping } = record;
      const isWaiting = suppressed === null ? state === "suspect" : at < suppressed.lookAt;
      const flap = flapping === null ? {} : { flap: await share(Object.keys(record.members)) };
      if (isOver(state) || isWaiting) return flap;
      const checks = checksOf(record);
      const silenced = silences.holdsFor({ environment, service, checks });
      if (suppressed === null) return { ...flap, holds: silenced };
      const { failing: failed } = await lookUp(service, checks);
      const heads = live.filter((other) => suppressed.by.includes(other.id) && isTold(other));
      return { ...flap, holds: [...failed.map(hold), ...heads.map(({ id }) => hold(id)), ...silenced] };
    },
  };
}

/** Whether people hear of it, or of something that explains it. */
function isTold(record: IncidentRecord): boolean {
  return failing(record).length > 0 && !record.suppressed?.by.some(isSilence);
}

function hold(by: string): Hold {
  return { by };
}

/** Those that fail, or once all is well those that had. */
function checksOf({ members }: IncidentRecord): string[] {
  const all = Object.entries(members);
  const now = all.filter(([, member]) => isFailing(member));
  return (now.length > 0 ? now : all).map(([id]) => id);
}
