import type { Check } from "../../contract/check.ts";
import type { Clock } from "../../core/clock.ts";
import { ExternalError } from "../../core/errors.ts";
import type { Store } from "../../store/connect.ts";
import { toCheck } from "../describe.ts";
import { createGate } from "../gate.ts";
import { Series } from "../series.ts";
import { loadStates, type Remembered } from "../state.ts";
import type { CheckSpec } from "../types.ts";
import { newCheck } from "../verdict.ts";
import type { Watch } from "../watch.ts";
import { shardOf } from "./shards.ts";

interface SharedOptions {
  /** Runs what this worker owns. */
  watch: Watch;
  store: Store;
  clock: Clock;
  redact(text: string): string;
  /** The epoch of each shard that this worker owns. */
  owned(): ReadonlyMap<number, number>;
  /** Tells the other workers that a check is to run now. */
  askOthers(id: string): void;
}

/** A watch of all checks, of which this worker runs some and knows the others from the store. */
export interface SharedWatch extends Watch {
  /** Runs what is owned now and knows what the others say; resolves when no run of anything else is under way. */
  share(): Promise<void>;
  /** Reads what the checks say that others run. */
  refresh(): Promise<void>;
}

/** Puts a watch that runs the owned checks before the knowledge of all others. */
export function shareWatch({ watch, store, clock, redact, owned, askOthers }: SharedOptions): SharedWatch {
  const history = new Series({ store, clock, gate: createGate(clock) });
  let all: readonly CheckSpec[] = [];
  let states: ReadonlyMap<string, Remembered> = new Map();

  function mine(): CheckSpec[] {
    const shards = owned();
    return all.flatMap((spec) => {
      const shard = shardOf(spec.id);
      const epoch = shards.get(shard);
      return epoch === undefined ? [] : [{ ...spec, owned: { shard, epoch } }];
    });
  }

  function others(): readonly CheckSpec[] {
    const shards = owned();
    return all.filter(({ id }) => !shards.has(shardOf(id)));
  }

  async function refresh(): Promise<void> {
    const elsewhere = others();
    states = elsewhere.length > 0 ? await loadStates(store, elsewhere, clock.now()) : new Map();
  }

  function isElsewhere(id: string): boolean {
    return !owned().has(shardOf(id)) && all.some((spec) => spec.id === id);
  }

  return {
    ...watch,
    share: async () => {
      await watch.setChecks(mine());
      await watch.quiet();
      await refresh();
    },
    refresh,
    setChecks: async (specs) => {
      all = specs;
      await watch.setChecks(mine());
    },
    list: async () => {
      await refresh();
      const own = new Map((await watch.list()).map((check) => [check.id, check]));
      const elsewhere = all.filter(({ id }) => !own.has(id));
      const summaries = await history.summaries(elsewhere.map(({ id }) => id));
      const view = (spec: CheckSpec): Check => {
        const { state = newCheck, last = null } = states.get(spec.id) ?? {};
        return toCheck({ spec, state, last, summary: summaries.get(spec.id) }, redact);
      };
      return all.map((spec) => own.get(spec.id) ?? view(spec));
    },
    verdicts: () => {
      const own = new Map(watch.verdicts().map((seen) => [seen.id, seen]));
      return all.map(({ id, type, service, critical }) => {
        const { verdict } = states.get(id)?.state ?? newCheck;
        return own.get(id) ?? { id, type, service, critical, verdict };
      });
    },
    series: (id, windowMs) => (isElsewhere(id) ? history.series(id, windowMs) : watch.series(id, windowMs)),
    runNow: async (id) => {
      if (isElsewhere(id)) throw elsewhere(id);
      return await watch.runNow(id);
    },
    ask: (id) => (isElsewhere(id) ? askOthers(id) : watch.ask(id)),
  };
}

function elsewhere(id: string): ExternalError {
  return new ExternalError({
    code: "SM-CHECK-ELSEWHERE",
    message: `another worker runs ${id}`,
    next: "it runs there by its rhythm; stationmaster checks shows its verdict",
  });
}
