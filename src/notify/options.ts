import type { Clock } from "../core/clock.ts";
import type { Redactor } from "../core/redact.ts";
import type { Store } from "../store/connect.ts";
import type { Channel } from "./channel.ts";
import type { Escalate } from "./routing.ts";

export interface OutboxOptions {
  store: Store;
  app: string;
  clock: Clock;
  channels: ReadonlyMap<string, Channel>;
  escalate: Escalate;
  redact: Redactor;
  /** Told in one line of a message that was given up, and of store failures. */
  report?: (line: string) => void;
}
