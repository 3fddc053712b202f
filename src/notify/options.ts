import type { Clock } from "../core/clock.ts";
import type { Redactor } from "../core/redact.ts";
import type { Store } from "../store/connect.ts";
import type { Channel } from "./channel.ts";
import type { Escalate } from "./routing.ts";

export interface OutboxOptions {
  store: Store;
  app: string;
  clock: Clock;
  /** All channels of the manifest, opened. */
  channels: ReadonlyMap<string, Channel>;
  escalate: Escalate;
  redact: Redactor;
  /** Told of a message that was given up, and of store failures. */
  report?: (error: unknown) => void;
}
