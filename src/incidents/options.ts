import type { RemediesConfig } from "../config/schema.ts";
import type { Clock } from "../core/clock.ts";
import type { Redactor } from "../core/redact.ts";
import type { Outbox } from "../notify/outbox.ts";
import type { Store } from "../store/connect.ts";
import type { Audit } from "./audit.ts";
import type { Effects } from "./execute.ts";
import type { LinksOf } from "./message.ts";
import type { Silences } from "./silences/silences.ts";
import type { NeedsLookup } from "./surroundings.ts";
import type { Rules, Timing } from "./types.ts";

export interface IncidentsOptions {
  store: Store;
  /** The project's name. */
  app: string;
  environment: string;
  clock: Clock;
  redact: Redactor;
  /** Per service, as in the manifest. */
  remedies: Readonly<Record<string, RemediesConfig>>;
  /** Healing proposes unless a service says otherwise. */
  isProtected: boolean;
  /** Sessions can be cleared for services without a request of their own too. */
  clearsSessions?: boolean;
  effects: Effects;
  /** What services and checks need, and what of it fails. */
  needs: NeedsLookup;
  silences: Pick<Silences, "holdsFor" | "refresh">;
  notify: Pick<Outbox, "enqueue" | "kick">;
  /** `timingFor` of the watch. */
  timing: (everyMs: number) => Timing;
  /** Called after a change was committed. */
  onChange: (incidentId: string) => void;
  audit: Audit;
  /** Pages about an incident, for messages. */
  links?: LinksOf;
  /** Addresses of the pages that say what to do about these checks. */
  runbooks?: (checks: readonly string[]) => string[];
  /**
   * For a process that does not lead: told when a decision asks for evidence or a look, which the leader then begins with its next `tick`.
   * Left out: it is begun here.
   */
  leaveWork?: () => void;
  /** Told of failures that no caller hears of, such as a store that is away. */
  report?: (error: unknown) => void;
}

/** The part of it that decisions rest on. */
export function rulesOf({ environment, remedies, timing, clearsSessions, isProtected }: IncidentsOptions): Rules {
  return { environment, protected: isProtected, remedies, timing, clearsSessions };
}
