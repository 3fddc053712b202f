import type { RolloutState } from "../contract/rollout.ts";
import { toKnownError } from "../core/errors.ts";
import { redactDeep } from "../core/redact.ts";
import type { Store } from "../store/connect.ts";
import type { HeldLease } from "../store/leases.ts";
import { appendJournal, readJournal } from "../store/rollouts.ts";

type Payload = Record<string, unknown>;
const LEASE_LOST = "SM-LEASE-LOST";

export interface Effect {
  /** Unique in the rollout: names the effect for good. */
  key: string;
  step: RolloutState;
  target: string | null;
  /** All that is needed to recognise the effect after a crash. */
  intent?: Payload;
  act(): Promise<Payload>;
  /** Whether an effect whose outcome was never written has happened: its outcome, or undefined to act (again). */
  observe?(): Promise<Payload | undefined>;
}

export interface Journal {
  /** Intent, act, outcome. An effect with an outcome is not repeated; one with an intent only is observed first. */
  effect(effect: Effect): Promise<Payload>;
  /** A fact that needs no act. */
  note(key: string, step: RolloutState, target: string | null, payload: Payload): Promise<void>;
  outcome(key: string): Payload | undefined;
  /** Keys with an outcome, oldest first. */
  keys(): string[];
}

/** Called at every edge of every record; fault tests end the process there. */
export type Boundary = (point: string) => void;

export async function openJournal({
  store,
  lease,
  rolloutId,
  redact,
  boundary = () => {},
  onChange,
}: {
  store: Store;
  lease: HeldLease;
  rolloutId: string;
  /** What every text goes through before it is stored. */
  redact(text: string): string;
  boundary?: Boundary;
  onChange(): void;
}): Promise<Journal> {
  const intents = new Set<string>();
  const outcomes = new Map<string, Payload>();
  for (const { key, phase, payload } of await readJournal(store.db, rolloutId)) {
    if (phase === "intent") intents.add(key);
    else outcomes.set(key, payload);
  }

  /** One after another: each record takes the next number, and services work side by side. */
  let writing: Promise<unknown> = Promise.resolve();
  function append(...args: Parameters<typeof write>): Promise<void> {
    const written = writing.then(() => write(...args));
    writing = written.catch(() => {});
    return written;
  }

  async function write(
    phase: "intent" | "outcome",
    { key, step, target }: Pick<Effect, "key" | "step" | "target">,
    payload: Payload,
  ): Promise<void> {
    boundary(`before ${phase} ${key}`);
    await appendJournal(store.db, lease, {
      ...{ rolloutId, key, phase, step, target },
      payload: redactDeep(payload, redact),
    });
    if (phase === "intent") intents.add(key);
    else outcomes.set(key, payload);
    onChange();
    boundary(`after ${phase} ${key}`);
  }

  async function effect(effect: Effect): Promise<Payload> {
    const wanted = { ...effect, key: openKey(effect.key) };
    const known = outcomes.get(wanted.key);
    if (known) return known;
    if (intents.has(wanted.key)) {
      const seen = await wanted.observe?.();
      if (seen) {
        await append("outcome", wanted, { ...seen, observed: true });
        return seen;
      }
    } else await append("intent", wanted, wanted.intent ?? {});
    const payload = await attempt(wanted);
    await append("outcome", wanted, payload);
    return payload;
  }

  /** A failed act is an outcome too; trying again is another record: `start:api-0#2`. */
  async function attempt(wanted: Effect): Promise<Payload> {
    try {
      return await wanted.act();
    } catch (error) {
      const { code, message } = toKnownError(error);
      if (code !== LEASE_LOST) await append("outcome", wanted, { failed: true, code, message });
      throw error;
    }
  }

  function openKey(key: string): string {
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? key : `${key}#${number}`;
      if (!outcomes.get(candidate)?.failed) return candidate;
    }
  }

  async function note(key: string, step: RolloutState, target: string | null, payload: Payload): Promise<void> {
    if (!outcomes.has(key)) await append("outcome", { key, step, target }, payload);
  }

  return { effect, note, outcome: (key) => outcomes.get(key), keys: () => [...outcomes.keys()] };
}
