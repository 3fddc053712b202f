import type { Severity } from "../contract/incident.ts";
import { redactDeep } from "../core/redact.ts";
import { enqueue } from "../notify/enqueue.ts";
import type { Message } from "../notify/message.ts";
import { channelConfigs } from "./channels.ts";
import type { Engine } from "./engine.ts";

/** Something people should hear of that is no incident. */
export interface Notice {
  /** Names what it is about, for good: a notice of that id is told once. */
  id: string;
  /** Who hears of it, as for incidents: SEV1 calls, SEV2 tells. */
  severity: Severity;
  subject: string;
  text: string;
  doing: string;
  todo: string;
}

/** Puts a notice down for the channels; the daemon sends it. */
export async function announce(engine: Engine, { id, severity, subject, text, doing, todo }: Notice): Promise<void> {
  const { store, clock, manifest, environment, redact } = engine;
  const at = new Date(clock.now()).toISOString();
  const message: Message = {
    version: 1,
    kind: "notice",
    event: 1,
    at,
    project: manifest.project,
    environment,
    incident: {
      ...{ id, key: `${environment}/${subject}`, state: "open", severity, service: subject, symptom: text },
      ...{ since: at, failedChecks: [], occurrence: 1, acknowledged: false },
    },
    ...{ text, doing, todo },
    links: [],
  };
  await enqueue(store.db, redactDeep(message, redact), {
    app: manifest.project,
    clock,
    channels: Object.keys(channelConfigs(engine)),
    escalate: manifest.escalate,
  });
}
