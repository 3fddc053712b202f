import { effectName, type JournalEntry, type RolloutState } from "./rollout.ts";

/** An intent with its outcome. */
export interface Effect {
  seq: number;
  key: string;
  step: RolloutState;
  target: string | null;
  /** Null for a fact that needed no act. */
  begunAt: string | null;
  endedAt: string | null;
  failed: boolean;
  /** Of intent and outcome together; the outcome wins. */
  payload: Record<string, unknown>;
}

/** The effects of a journal in the order they began. */
export function effectsOf(journal: readonly JournalEntry[]): Effect[] {
  const effects = new Map<string, Effect>();
  for (const { seq, key, phase, step, target, payload, at } of [...journal].sort((a, b) => a.seq - b.seq)) {
    const known = effects.get(key);
    if (phase === "intent" && !known)
      effects.set(key, { seq, key, step, target, begunAt: at, endedAt: null, failed: false, payload });
    else if (phase === "outcome")
      effects.set(key, {
        ...(known ?? { seq, key, step, target, begunAt: null }),
        endedAt: at,
        failed: payload.failed === true,
        payload: { ...known?.payload, ...payload },
      });
  }
  return [...effects.values()];
}

/** What was tried, whichever attempt it was: `start:api-0#2` → `start:api-0`. */
export function attemptOf(effect: Pick<Effect, "key">): string {
  return effectName(effect).replace(/#\d+$/, "");
}

export interface Places {
  /** Where an effect happened; undefined: on every host, or it is not known. */
  of(effect: Pick<Effect, "payload">): string[] | undefined;
  /** The hosts that a text names, themselves or by one of their units. */
  named(text: string | undefined): string[] | undefined;
}

/** Tells the hosts of a rollout's effects: by what they say themselves (`host`, `hosts`), or by units whose start said where they run. */
export function placesIn(effects: readonly Effect[], hosts: readonly string[] = []): Places {
  const homes = new Map(hosts.map((host) => [host, host]));
  for (const { payload } of effects)
    if (typeof payload.unit === "string" && typeof payload.host === "string") homes.set(payload.unit, payload.host);
  return {
    of: ({ payload: { host, hosts: several, units, unit } }) => {
      if (typeof host === "string") return [host];
      if (typeof several === "object" && several !== null)
        return (Array.isArray(several) ? several : Object.keys(several)).map(String);
      const found = (Array.isArray(units) ? units : [unit]).map((id) => homes.get(String(id)));
      return found.length > 0 && found.every((home) => home !== undefined) ? [...new Set(found)] : undefined;
    },
    named: (text = "") => {
      const words = text.split(/[^\w.@:[\]-]+/).map((word) => word.replace(/[.:]+$/, ""));
      const found = new Set(words.flatMap((word) => homes.get(word) ?? []));
      return found.size > 0 ? [...found] : undefined;
    },
  };
}
