import { isKnownError } from "../../core/errors.ts";
import type { MemberFigures, RouteView } from "../../platforms/traffic.ts";
import { context, type Run, targetOf } from "../run.ts";
import { since } from "./record.ts";
import type { Answer } from "./state.ts";

const SERVER_ERROR = 500;
const INFORMATIONAL = 100;
/** A data plane that is busy, or was just replaced, tells a moment later what it did meanwhile. */
const PATIENCE_MS = 5_000;
const PATIENCE_LOOKS = 3;

/** The requests of a service that ended since the last look. */
export interface Source {
  /** `first`: the answers are what the data plane remembers, and nobody knows from when. */
  look(view: RouteView): Promise<{ answers: Answer[]; first: boolean }>;
  /** Whether the data plane tells how long they took; `lost`: it has ceased to. */
  times(): "told" | "lost" | "unknown";
}

/** One line a request where the data plane logs them; else, or once it fails to tell, from its counters, without times. */
export function createSource(run: Run, service: string): Source {
  const { traffic } = run.dependencies.platform;
  const { clock } = run.dependencies;
  let times: ReturnType<Source["times"]> = traffic?.samples === undefined ? "unknown" : "told";
  let silent: { since: number; looks: number } | undefined;
  let first = true;
  let counters: RouteView["figures"] = {};

  /** Undefined where there is nothing yet. */
  async function samples(): Promise<Answer[] | undefined> {
    try {
      const told = (await traffic?.samples?.(targetOf(run, service), context(run))) ?? [];
      silent = undefined;
      // Below 100 it is no answer: the client left.
      return told
        .filter(({ status }) => status >= INFORMATIONAL)
        .map(({ unit, status, ms }) => ({ unit, ms, failed: status >= SERVER_ERROR }));
    } catch (error) {
      run.signal.throwIfAborted();
      if (!isKnownError(error)) throw error;
      const now = clock.monotonic();
      silent = { since: silent?.since ?? now, looks: (silent?.looks ?? 0) + 1 };
      // For good: the counters have what it would tell later.
      if (silent.looks >= PATIENCE_LOOKS && now - silent.since > PATIENCE_MS) times = "lost";
      return undefined;
    }
  }

  return {
    look: async ({ figures }) => {
      let answers = times === "told" ? await samples() : undefined;
      if (!answers && times === "told") return { answers: [], first };
      // Of a first look only times are of use, and counters have none.
      answers ??= first ? [] : Object.entries(figures).flatMap(([unit, now]) => counted(unit, counters[unit], now));
      const look = { answers, first };
      // A host that is away for one look keeps what was counted of its units.
      counters = { ...counters, ...figures };
      first = false;
      return look;
    },
    times: () => times,
  };
}

/** Failures first: the order is not known, and only a look in which all failed may count as failures in a row. */
function counted(unit: string, last: MemberFigures | undefined, now: MemberFigures): Answer[] {
  const { requests, errors } = since(last ?? { requests: 0, errors: 0 }, now);
  return Array.from({ length: Math.max(requests, errors) }, (_, index) => ({ unit, failed: index < errors, ms: null }));
}
