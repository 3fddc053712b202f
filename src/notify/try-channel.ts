import type { ChannelTest } from "../contract/notification.ts";
import type { Clock } from "../core/clock.ts";
import { toKnownError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { Redactor } from "../core/redact.ts";
import { type Channel, newThread } from "./channel.ts";
import { withDeadline } from "./deadline.ts";
import type { Message } from "./message.ts";

const DEADLINE_MS = 15_000;

interface Trial {
  project: string;
  environment: string;
  /** Who asks. */
  actor: string;
  clock: Clock;
  redact: Redactor;
}

/** Sends a message that is marked as a test past the outbox, and says within 15 s whether it was accepted. */
export async function tryChannel(name: string, channel: Channel, trial: Trial): Promise<ChannelTest> {
  const { clock, redact } = trial;
  const begin = clock.monotonic();
  const never = new AbortController().signal;
  const error = await withDeadline(
    (signal) => channel.send(trialMessage(trial), signal, newThread()),
    DEADLINE_MS,
    never,
  ).then(
    () => null,
    (cause: unknown) => redact(toKnownError(cause).message),
  );
  return { channel: name, accepted: error === null, ms: Math.round(clock.monotonic() - begin), error };
}

function trialMessage({ project, environment, actor, clock }: Trial): Message {
  const at = new Date(clock.now()).toISOString();
  const id = newId("test", clock.now());
  const text = `${actor} tries this channel; nothing is wrong`;
  return {
    ...{ version: 1, kind: "test", event: 1, at, project, environment, text },
    incident: {
      ...{ id, key: id, state: "open", severity: "SEV3", service: "stationmaster", symptom: "test" },
      ...{ since: at, failedChecks: [], occurrence: 1, acknowledged: false },
    },
    doing: "nothing",
    todo: "no action needed",
    links: [],
  };
}
