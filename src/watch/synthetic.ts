import type { Verdict } from "../contract/check.ts";
import type { Clock } from "../core/clock.ts";
import type { Store } from "../store/connect.ts";
import { and, eq } from "../store/drizzle.ts";
import { checkState } from "../store/tables/watch.ts";
import { loadStates } from "./state.ts";
import type { Teller } from "./teller.ts";
import type { Family, VerdictEvent } from "./types.ts";
import { newCheck, type VerdictState } from "./verdict.ts";

/** What something that is computed, not asked, has to say. */
export interface Statement {
  /** `<environment>/slo/<service>`, `<environment>/watch/prober`, …; no check of the manifest may be called so. */
  id: string;
  service: string | null;
  component: string;
  critical: boolean;
  /** How often it is computed: recovery and quiet times follow from it. */
  everyMs: number;
  verdict: Verdict;
  class: string | null;
  family: Family | null;
  detail: string | null;
  facts?: VerdictEvent["facts"];
}

/** Checks that are computed. Their verdicts take the way of all others and outlive the process. */
export interface Synthetics {
  /** Tells a change of the verdict or of its class; the same again is silent. Rejects while the store cannot be read the first time. */
  say(statement: Statement): Promise<void>;
  /** Their ids and what they say now; rejects as `say` does. */
  all(): Promise<ReadonlyMap<string, VerdictState>>;
  /** The next one asked reads the store again. */
  forget(): void;
}

interface SyntheticsOptions {
  store: Store;
  environment: string;
  clock: Clock;
  teller: Teller;
}

export function createSynthetics({ store, environment, clock, teller }: SyntheticsOptions): Synthetics {
  let known: Promise<Map<string, VerdictState>> | undefined;

  async function load(): Promise<Map<string, VerdictState>> {
    const mine = and(eq(checkState.environment, environment), eq(checkState.synthetic, true));
    const rows = await store.db.select({ id: checkState.checkId }).from(checkState).where(mine);
    const checkIds = rows.map(({ id }) => id);
    if (checkIds.length === 0) return new Map();
    const specs = checkIds.map((id) => ({ id, everyMs: 0 }));
    const kept = await loadStates(store, specs, clock.now());
    return new Map([...kept].map(([id, { state }]) => [id, state]));
  }

  async function states(): Promise<Map<string, VerdictState>> {
    known ??= load().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return await known;
  }

  return {
    all: states,
    forget: () => {
      known = undefined;
    },
    say: async ({ id, verdict: to, ...said }) => {
      const all = await states();
      const before = all.get(id);
      const { verdict: from, onset: began, failure } = before ?? newCheck;
      const well = to === "UP";
      if (well ? before === undefined || from === "UP" : from === to && failure?.class === said.class) return;
      const at = clock.now();
      const onset = well || from === "UP" || began === null ? at : began;
      const { class: name, family, detail } = said;
      const state: VerdictState = {
        ...newCheck,
        ...{ verdict: to, since: at, onset: well ? null : onset, failure: { class: name, family, detail } },
      };
      all.set(id, state);
      const event: VerdictEvent = { ...said, checkId: id, environment, from, to, at, onset };
      teller.send(event, { spec: { id, environment, service: said.service, synthetic: true }, state });
    },
  };
}
