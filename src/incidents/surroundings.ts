import { isOver } from "../contract/incident.ts";
import type { Store } from "../store/connect.ts";
import { inArray } from "../store/drizzle.ts";
import { checkState } from "../store/tables/watch.ts";
import type { VerdictEvent } from "../watch/types.ts";
import type { Effects } from "./execute.ts";
import { flapShare } from "./flap.ts";
import type { Looks } from "./looks.ts";
import { failing, isFailing } from "./members.ts";
import type { Situation } from "./outlook.ts";
import { type Hold, isSilence } from "./silences/silence.ts";
import type { Silences } from "./silences/silences.ts";
import type { IncidentRecord } from "./types.ts";

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
  effects: Pick<Effects, "situation">;
  silences: Pick<Silences, "holdsFor">;
  looks: Looks;
}

/** What decisions on a verdict rest on besides it. */
export interface Around {
  /** What else is down decides on the severity, and whether it is trouble of its own; null where nobody knows. */
  situation: Situation | null;
  holds: Hold[];
  needs: string[];
  flap: number | null;
}

/** What is around an incident that decisions rest on: what it needs, silences, the one it is folded into, and how much it flaps. */
interface Surroundings {
  ofVerdict(event: VerdictEvent): Promise<Around>;
  /** `live`: all that are not over. Parts are left out where nothing depends on them now, or nobody knows. */
  ofRecord(
    record: IncidentRecord,
    live: readonly IncidentRecord[],
    at: number,
  ): Promise<{ holds?: Hold[]; flap?: number }>;
}

export function createSurroundings(options: SurroundingsOptions): Surroundings {
  const { store, environment, needs, effects, silences, looks } = options;

  async function lookUp(service: string | null, checks: readonly string[]): Promise<Needs | null> {
    return await looks.ask((signal) => needs({ service, checks }, signal));
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
      const flapping = share([checkId]);
      if (!isFailing({ verdict: to })) return { situation: null, holds: [], needs: [], flap: await flapping };
      const [situation, found, flap] = await Promise.all([
        service === null ? null : looks.ask((signal) => effects.situation(service, signal)),
        lookUp(service, [checkId]),
        flapping,
      ]);
      const { all, failing: failed } = found ?? { all: [], failing: [] };
      const silenced = silences.holdsFor({ environment, service, checks: [checkId] });
      return { situation, holds: [...failed.map(hold), ...silenced], needs: all, flap };
    },
    ofRecord: async (record, live, at) => {
      const { service, suppressed, state, flapping } = record;
      const isWaiting = suppressed === null ? state === "suspect" : at < suppressed.lookAt;
      const flap = flapping === null ? {} : { flap: await share(Object.keys(record.members)) };
      if (isOver(state) || isWaiting) return flap;
      const checks = checksOf(record);
      const silenced = silences.holdsFor({ environment, service, checks });
      if (suppressed === null) return { ...flap, holds: silenced };
      const found = await lookUp(service, checks);
      // What kept it quiet is not over because nobody answers.
      if (found === null) return flap;
      const heads = live.filter((other) => suppressed.by.includes(other.id) && isTold(other));
      return { ...flap, holds: [...found.failing.map(hold), ...heads.map(({ id }) => hold(id)), ...silenced] };
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
