import type { Clock } from "../core/clock.ts";
import type { Store } from "../store/connect.ts";
import { createBatch } from "./batch.ts";
import { createDelivery } from "./deliver.ts";
import type { Gate } from "./gate.ts";
import { type Delivered, type Kept, markDelivered, type RecordedEvent, type Recording, recordEvents } from "./state.ts";
import type { VerdictEvent } from "./types.ts";

interface TellerOptions {
  store: Store;
  clock: Clock;
  gate: Gate;
  onVerdict(event: VerdictEvent): Promise<void> | void;
  /** Another process may be the one that tells: then changes are only recorded here. */
  shared: boolean;
  onProblem(what: string, error: unknown): void;
}

/** Records changes of verdicts, many in one statement, and hands them on. */
export interface Teller {
  send(event: VerdictEvent, kept: Kept): void;
  /** For events recorded by an earlier process. */
  resend(recorded: RecordedEvent): void;
  /** Waits up to `ms` for what is on its way. */
  stop(ms: number): Promise<void>;
}

const MOST_AT_ONCE = 200;

export function createTeller({ store, clock, gate, onVerdict, shared, onProblem }: TellerOptions): Teller {
  const records = createBatch<Recording, number | null>({
    write: (items) => gate.write(() => recordEvents(store, items)),
    most: MOST_AT_ONCE,
  });
  const deliveries = createBatch<Delivered, undefined>({
    write: async (items) => {
      await gate.write(() => markDelivered(store, items));
      return items.map(() => undefined);
    },
    most: MOST_AT_ONCE,
  });
  const taker = shared
    ? { onVerdict: () => {}, markDelivered: async () => {} }
    : { onVerdict, markDelivered: (checkId: string, seq: number) => deliveries.add({ checkId, seq }) };
  const delivery = createDelivery({ clock, ...taker, onProblem });
  return {
    send: (event, kept) => delivery.send(event, () => records.add({ event, kept })),
    resend: (recorded) => delivery.resend(recorded),
    stop: (ms) => delivery.stop(ms),
  };
}
