import type { Queryable } from "../store/connect.ts";
import { callAgain } from "./call-again.ts";
import { dropUnknownChannels } from "./claim.ts";
import { giveUp } from "./deliver.ts";
import { enqueue } from "./enqueue.ts";
import { handOn } from "./hand-on.ts";
import type { Message } from "./message.ts";
import type { OutboxOptions } from "./options.ts";
import { sendDue } from "./send.ts";

const POLL_MS = 1_000;

/** Messages on their way: at least once, in order per incident and channel, across restarts. */
export interface Outbox {
  /** Puts the message down for its channels, whose names it answers; call it in the transaction of the change it tells of. */
  enqueue(tx: Queryable, message: Message): Promise<string[]>;
  /**
   * Calls again where nobody has acknowledged: `unresolved` are messages that say how each incident of the environment stands which is
   * not over. Call it every few seconds.
   */
  callAgain(environment: string, unresolved: readonly Message[]): Promise<void>;
  /** Sends everything that is due; resolves when nothing is. Safe at any time, also from several processes. Throws when the store fails. */
  drain(): Promise<void>;
  /** Drains soon, without waiting; failures go to `report`. */
  kick(): void;
  /** Drains every second from now on. */
  start(): void;
  /** Stops sending; what was in the middle of an attempt is sent again by the next process. */
  stop(): Promise<void>;
}

/** Opens the outbox of one project. It drops what waits for other channels than its own, so open it with all of the manifest. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { store, app, clock, channels, escalate } = options;
  const names = [...channels.keys()];
  const stopping = new AbortController();
  const lanes = [...channels].map(([name, channel]) =>
    createLane(() => sendDue(options, { name, channel, stopping: stopping.signal, onRefused: kick })),
  );
  // One at a time: each holds a connection while it looks with another one.
  const handingOn = createLane(() => handOn(options));
  let timer: NodeJS.Timeout | undefined;

  async function drain(): Promise<void> {
    if (stopping.signal.aborted) return;
    for (const { channel, message } of await dropUnknownChannels(options))
      await giveUp(options, channel, message, "the manifest has no such channel any more");
    await handingOn.run();
    await Promise.all(lanes.map((lane) => lane.run()));
  }
  function kick(): void {
    drain().catch((error: unknown) => options.report?.(error));
  }
  return {
    drain,
    kick,
    enqueue: (tx, message) => enqueue(tx, message, { app, clock, escalate, channels: names }),
    callAgain: async (environment, unresolved) => {
      if (await callAgain(store.db, unresolved, { app, environment, clock, escalate, channels: names })) kick();
    },
    start: () => {
      timer ??= setInterval(kick, POLL_MS).unref();
    },
    stop: async () => {
      clearInterval(timer);
      stopping.abort(new Error("the outbox stops"));
      await Promise.allSettled([handingOn, ...lanes].map((lane) => lane.idle()));
    },
  };
}

interface Lane {
  run(): Promise<void>;
  idle(): Promise<void>;
}

/** One run at a time; a call during a run makes it look once more, so that a message put down meanwhile is not missed. */
function createLane(work: () => Promise<void>): Lane {
  let running: Promise<void> | undefined;
  let again = false;
  async function loop(): Promise<void> {
    try {
      do {
        again = false;
        await work();
      } while (again);
    } finally {
      running = undefined;
    }
  }
  return {
    run: () => {
      again = running !== undefined;
      running ??= loop();
      return running;
    },
    idle: async () => await running,
  };
}
