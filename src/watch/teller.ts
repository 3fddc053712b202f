import type { Clock } from "../core/clock.ts";
import type { Store } from "../store/connect.ts";
import { createBatch } from "./batch.ts";
import { createDelivery } from "./deliver.ts";
import type { Gate } from "./gate.ts";
import { type Delivered, type Kept, markDelivered, type Recording, recordEvents, undelivered } from "./state.ts";
import type { VerdictEvent } from "./types.ts";

interface TellerOptions {
  store: Store;
  environment: string;
  clock: Clock;
  gate: Gate;
  onVerdict(event: VerdictEvent): Promise<void> | void;
  /** Another process may be the one that tells: then changes are only recorded here. */
  shared: boolean;
  onProblem(what: string, error: unknown): void;
}

/** Records changes of verdicts, many in one statement, and hands them on. What waits to be handed on is in memory as far as there is room. */
export interface Teller {
  send(event: VerdictEvent, kept: Kept): void;
  /** Whether a change of a check's verdict is still to be recorded. */
  isRecording(checkId: string): boolean;
  /** Whether so many changes of a check are still to be recorded that no more can be taken. */
  isFull(checkId: string): boolean;
  /** Hands on what an earlier process recorded; nothing is handed on before. Tried again until the store answers. */
  begin(): void;
  /** Waits up to `ms` for what is on its way. */
  stop(ms: number): Promise<void>;
}

const MOST_AT_ONCE = 200;
/** Recorded changes in memory that were not taken; more are read again when these are. */
const MOST_HELD = 1_000;
/** Changes of one check that wait for the store: one that flaps while it is away. */
const MOST_RECORDING = 100;
const READ_AGAIN_MS = 1_000;

export function createTeller(options: TellerOptions): Teller {
  const { store, environment, clock, gate, onVerdict, shared, onProblem } = options;
  const stopped = new AbortController();
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
  const delivery = createDelivery({ clock, onVerdict, markDelivered: taken, onProblem });
  /** How many changes of a check wait for the store. */
  const recording = new Map<string, number>();
  /** Recorded changes that are on their way in memory. */
  let held = 0;
  /** There are recorded changes in the store only: those after them stay there as well, so that the order holds. */
  let behind = true;
  let reading = false;
  let missed = false;

  async function record(event: VerdictEvent, kept: Kept): Promise<number | null> {
    const seq = await records.add({ event, kept });
    const left = (recording.get(event.checkId) ?? 0) - 1;
    if (left > 0) recording.set(event.checkId, left);
    else recording.delete(event.checkId);
    if (seq === null || shared) return null;
    behind ||= held >= MOST_HELD;
    missed = behind;
    if (behind) return null;
    held++;
    return seq;
  }

  async function taken(checkId: string, seq: number): Promise<void> {
    await deliveries.add({ checkId, seq });
    held--;
    readBack();
  }

  /** Takes what is in the store only, when all that was in memory is taken. */
  function readBack(): void {
    if (shared || reading || !behind || held > 0 || stopped.signal.aborted) return;
    reading = true;
    void readPage()
      .catch(async (error: unknown) => {
        onProblem("changes of verdicts that wait could not be read", error);
        await clock.sleep(READ_AGAIN_MS, stopped.signal);
      })
      .catch(() => {})
      .finally(() => {
        reading = false;
        readBack();
      });
  }

  async function readPage(): Promise<void> {
    missed = false;
    const page = await undelivered(store, { environment, limit: MOST_HELD });
    behind = missed || page.length === MOST_HELD;
    held += page.length;
    for (const recorded of page) delivery.resend(recorded);
  }

  return {
    send: (event, kept) => {
      recording.set(event.checkId, (recording.get(event.checkId) ?? 0) + 1);
      delivery.send(event, () => record(event, kept));
    },
    isRecording: (checkId) => recording.has(checkId),
    isFull: (checkId) => (recording.get(checkId) ?? 0) >= MOST_RECORDING,
    begin: readBack,
    stop: async (ms) => {
      await delivery.stop(ms);
      stopped.abort(new Error("the watch stopped"));
    },
  };
}
