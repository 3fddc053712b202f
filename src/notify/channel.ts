import type { Message } from "./message.ts";

/** What a channel knows of an incident from before. */
export interface Thread {
  /** What `keep` was last told, such as the id of the first message. */
  ref(): Promise<string | undefined>;
  keep(ref: string): Promise<void>;
}

/** Where messages go. A channel keeps nothing itself: the outbox repeats what was not accepted. */
export interface Channel {
  /** Resolves when the message is accepted; rejects otherwise and is then asked again later. A repeated event number is the same message. */
  send(message: Message, signal: AbortSignal, thread: Thread): Promise<void>;
  /** People are called once a minute at most and get the rest bundled; programs are told everything. */
  reaches?: "people" | "programs";
  /** Each incident has an alert of its own there: calls that are bundled count as one, and are sent one by one all the same. */
  apart?: true;
}

/** What channels need from outside. */
export interface ChannelContext {
  /** Wall clock, epoch ms. */
  now(): number;
  /** Prints one line for the person at the terminal. */
  print(line: string): void;
}

/** A thread that nobody remembers. */
export function newThread(): Thread {
  let kept: string | undefined;
  return {
    ref: async () => kept,
    keep: async (ref) => {
      kept = ref;
    },
  };
}
