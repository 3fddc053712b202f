import type { Clock } from "../core/clock.ts";
import type { Redactor } from "../core/redact.ts";
import type { Store } from "../store/connect.ts";
import type { Channel } from "./channel.ts";
import type { Message } from "./message.ts";
import type { Escalate } from "./routing.ts";

export interface OutboxOptions {
  store: Store;
  app: string;
  clock: Clock;
  /** All channels of the manifest, opened. */
  channels: ReadonlyMap<string, Channel>;
  escalate: Escalate;
  redact: Redactor;
  /** The message as things stand at this moment; left out, it says how they stood when it was put down. */
  refresh?: (message: Message) => Promise<Message>;
  /** Puts it on record that a message reached nobody. */
  audit?: (entry: {
    actor: string;
    action: string;
    subject: string;
    detail: Record<string, unknown>;
  }) => Promise<unknown>;
  /** Told of a message that was given up, and of store failures. */
  report?: (error: unknown) => void;
}
