import { isKnownError } from "../../core/errors.ts";
import type { MemberFigures, RouteView } from "../../platforms/traffic.ts";
import { context, type Run, targetOf } from "../run.ts";
import { since } from "./record.ts";
import type { Answer } from "./state.ts";

const SERVER_ERROR = 500;
const INFORMATIONAL = 100;

/** The requests of a service that ended since the last look. */
export interface Source {
  /** `first`: the answers are what the data plane remembers, and nobody knows from when. */
  look(view: RouteView): Promise<{ answers: Answer[]; first: boolean }>;
  /** Whether it tells how long they took. */
  timed(): boolean;
}

/** One line a request where the data plane logs them; else, or once it fails to tell, from its counters, without times. */
export function createSource(run: Run, service: string): Source {
  const { traffic } = run.dependencies.platform;
  let logged = traffic?.samples !== undefined;
  let first = true;
  let counters: RouteView["figures"] = {};

  async function samples(): Promise<Answer[] | undefined> {
    if (!logged) return undefined;
    try {
      const told = (await traffic?.samples?.(targetOf(run, service), context(run))) ?? [];
      // Below 100 it is no answer: the client left.
      return told
        .filter(({ status }) => status >= INFORMATIONAL)
        .map(({ unit, status, ms }) => ({ unit, ms, failed: status >= SERVER_ERROR }));
    } catch (error) {
      run.signal.throwIfAborted();
      if (!isKnownError(error)) throw error;
      // A data plane that was just replaced, or an older one. For good: what it would tell later was counted meanwhile.
      logged = false;
      return undefined;
    }
  }

  return {
    look: async ({ figures }) => {
      const answers =
        (await samples()) ?? Object.entries(figures).flatMap(([unit, now]) => counted(unit, counters[unit], now));
      const look = { answers, first };
      counters = figures;
      first = false;
      return look;
    },
    timed: () => logged,
  };
}

/** Failures first: the order is not known, and only a look in which all failed may count as failures in a row. */
function counted(unit: string, last: MemberFigures | undefined, now: MemberFigures): Answer[] {
  const { requests, errors } = since(last ?? { requests: 0, errors: 0 }, now);
  return Array.from({ length: Math.max(requests, errors) }, (_, index) => ({ unit, failed: index < errors, ms: null }));
}
