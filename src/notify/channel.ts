import type { Message } from "./message.ts";

/** Where messages go. A channel keeps nothing: the outbox repeats what was not accepted. */
export interface Channel {
  /** Resolves when the message is accepted; rejects otherwise and is then asked again later. A repeated event number is the same message. */
  send(message: Message, signal: AbortSignal): Promise<void>;
}

/** What channels need from outside. */
export interface ChannelContext {
  /** Wall clock, epoch ms. */
  now(): number;
  /** Prints one line for the person at the terminal. */
  print(line: string): void;
}
