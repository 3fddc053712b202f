import type { Clock } from "../core/clock.ts";
import type { RecordedEvent } from "./state.ts";
import type { VerdictEvent } from "./types.ts";

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;

interface DeliveryOptions {
  clock: Clock;
  /** Takes a recorded event; called again after a failure. */
  onVerdict(event: VerdictEvent): Promise<void> | void;
  markDelivered(checkId: string, seq: number): Promise<void>;
  onProblem(what: string, error: unknown): void;
}

/** Hands verdict changes on: recorded at once, delivered in order per check, repeated until they are taken. */
interface Delivery {
  /** `record` writes the event and answers its place; it is repeated until it succeeds. Null: the event is another worker's to tell. */
  send(event: VerdictEvent, record: () => Promise<number | null>): void;
  /** For events recorded by an earlier process. */
  resend(recorded: RecordedEvent): void;
  /** Waits up to `ms` for what is on its way, then gives up: what is recorded is delivered by the next process. */
  stop(ms: number): Promise<void>;
}

interface Chains {
  recorded: Promise<unknown>;
  delivered: Promise<unknown>;
}

export function createDelivery({ clock, onVerdict, markDelivered, onProblem }: DeliveryOptions): Delivery {
  const stopped = new AbortController();
  const chains = new Map<string, Chains>();

  const persist = async <T>(what: string, work: () => Promise<T> | T): Promise<T> => {
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(2 * wait, LONGEST_RETRY_MS)) {
      stopped.signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        onProblem(what, error);
        await clock.sleep(wait, stopped.signal);
      }
    }
  };
  const deliver = async (event: VerdictEvent, seq: Promise<number | null>) => {
    const place = await seq;
    if (place === null) return;
    await persist("a verdict change was not taken and is sent again", () => onVerdict(event));
    await persist("a delivery was not noted", () => markDelivered(event.checkId, place));
  };
  const enqueue = (event: VerdictEvent, record: () => Promise<number | null>) => {
    const chain = chains.get(event.checkId) ?? { recorded: Promise.resolve(), delivered: Promise.resolve() };
    const seq = chain.recorded.then(record);
    const delivered = chain.delivered.then(() => deliver(event, seq));
    const next: Chains = { recorded: seq.catch(() => {}), delivered: delivered.catch(() => {}) };
    chains.set(event.checkId, next);
    void next.delivered.then(() => {
      if (chains.get(event.checkId) === next) chains.delete(event.checkId);
    });
  };
  return {
    send: (event, record) => enqueue(event, () => persist("a verdict change was not recorded", record)),
    resend: ({ event, seq }) => enqueue(event, () => Promise.resolve(seq)),
    stop: async (ms) => {
      const timer = setTimeout(() => stopped.abort(new Error("the watch stopped")), ms);
      await Promise.all(
        [...chains.values()].map(({ delivered }) => Promise.race([delivered, aborted(stopped.signal)])),
      );
      clearTimeout(timer);
      stopped.abort(new Error("the watch stopped"));
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
