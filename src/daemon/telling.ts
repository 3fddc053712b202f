import type { LinksOf } from "../incidents/message.ts";
import type { IncidentsOptions } from "../incidents/options.ts";
import { currentMessage, standingMessages } from "../incidents/telling.ts";
import { enqueue } from "../notify/enqueue.ts";
import { createOutbox, type Outbox } from "../notify/outbox.ts";
import { channelConfigs, openChannels } from "./channels.ts";
import type { Engine } from "./engine.ts";

interface TellingOptions {
  /** False: messages are put down for the next daemon. */
  sends: boolean;
  links: LinksOf;
  print(line: string): void;
  report(error: unknown): void;
}

/** Who tells people of incidents. */
export interface Telling {
  /** Undefined where nothing is sent. */
  outbox: Outbox | undefined;
  notify: IncidentsOptions["notify"];
  /** Calls the next ones where nobody has acknowledged. Rejects when the store fails. */
  callAgain(): Promise<void>;
}

export async function createTelling(engine: Engine, { sends, links, print, report }: TellingOptions): Promise<Telling> {
  const { store, clock, redact, manifest, environment } = engine;
  const app = manifest.project;
  const { escalate } = manifest;
  if (!sends) {
    const options = { app, clock, escalate, channels: Object.keys(channelConfigs(engine)) };
    const notify = {
      enqueue: (...[tx, message]: Parameters<Outbox["enqueue"]>) => enqueue(tx, message, options),
      kick: () => {},
    };
    return { outbox: undefined, notify, callAgain: async () => {} };
  }
  const outbox = createOutbox({
    ...{ store, app, clock, escalate, redact, report },
    channels: await openChannels(engine, { print }),
    refresh: (message) => currentMessage(store.db, { app }, message, clock.now()),
    audit: (entry) => engine.audit(entry),
  });
  return {
    outbox,
    notify: outbox,
    callAgain: async () =>
      await outbox.callAgain(
        environment,
        await standingMessages(store.db, { app, environment }, { now: clock.now(), links }),
      ),
  };
}
