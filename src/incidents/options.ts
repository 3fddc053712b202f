import type { RemediesConfig } from "../config/schema.ts";
import type { Clock } from "../core/clock.ts";
import type { Redactor } from "../core/redact.ts";
import type { Message } from "../notify/message.ts";
import type { Outbox } from "../notify/outbox.ts";
import type { Store } from "../store/connect.ts";
import type { Audit } from "./audit.ts";
import type { Effects } from "./execute.ts";
import type { Timing } from "./types.ts";

export interface IncidentsOptions {
  store: Store;
  /** The project's name. */
  app: string;
  environment: string;
  clock: Clock;
  redact: Redactor;
  /** Per service, as in the manifest. */
  remedies: Readonly<Record<string, RemediesConfig>>;
  effects: Effects;
  notify: Pick<Outbox, "enqueue" | "kick">;
  /** `timingFor` of the watch. */
  timing: (everyMs: number) => Timing;
  /** Called after a change was committed. */
  onChange: (incidentId: string) => void;
  audit: Audit;
  /** Pages about an incident, for messages. */
  links?: (incidentId: string) => Message["links"];
  /** Told of failures that no caller hears of, such as a store that is away. */
  report?: (error: unknown) => void;
}
