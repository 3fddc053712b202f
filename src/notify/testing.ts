import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Clock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import type { Channel } from "./channel.ts";
import { SendFailure } from "./failure.ts";
import type { Message } from "./message.ts";
import { createOutbox } from "./outbox.ts";
import type { Escalate } from "./routing.ts";

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real HTTP server that keeps what it is sent; `answer` decides how it behaves per request. */
export async function startReceiver(
  answer: (response: ServerResponse, count: number) => void = (response) => response.writeHead(204).end(),
) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      answer(response, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    messages: () => received.map((item) => JSON.parse(item.body) as Message),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function testMessage(
  change: { id?: string; event?: number; severity?: Message["incident"]["severity"]; kind?: Message["kind"] } = {},
): Message {
  const { id = "inc-1", event = 1, severity = "SEV1", kind = "opened" } = change;
  return {
    ...{ version: 1, kind, event, at: "2026-03-01T12:00:00.000Z", project: "shop", environment: "staging" },
    incident: {
      ...{
        id,
        key: "k",
        state: "open",
        severity,
        service: "api",
        symptom: "process gone",
        since: "2026-03-01T11:59:00.000Z",
      },
      ...{ failedChecks: ["staging/api/health"], occurrence: 1, acknowledged: false },
    },
    text: "api process gone",
    doing: "collecting evidence, then healing",
    todo: "nothing yet",
    links: [],
  };
}

export const MINUTE = 60_000;
/** A channel, and the one that is called where it fails. */
export const levels: Escalate = {
  SEV1: {
    levels: [
      { to: ["page"], after: 0 },
      { to: ["boss"], after: 5 * MINUTE },
    ],
  },
};

/** A project of its own for each test, with a clock that the test sets. */
export function createCalls() {
  let store: TestStore;
  const state = {
    time: Date.parse("2026-03-01T12:00:00Z"),
    app: "",
    /** What is true by now of an incident that a message was put down about. */
    stands: new Map<string, Partial<Message["incident"]>>(),
    audit: [] as string[],
  };
  const clock: Clock = { now: () => state.time, monotonic: () => state.time, sleep: async () => {} };
  const name = (id: string) => `${state.app}-${id}`;
  const calls = Object.assign(state, {
    ...{ clock, name },
    store: () => store,
    message: (change: Parameters<typeof testMessage>[0] & { id: string }) =>
      testMessage({ ...change, id: name(change.id) }),
    open: (channels: Record<string, Channel>, escalate: Escalate = {}) =>
      createOutbox({
        ...{ store, app: state.app, clock, escalate, redact: createRedactor(["s3cret-value"]) },
        channels: new Map(Object.entries(channels)),
        refresh: async (old) => ({ ...old, incident: { ...old.incident, ...state.stands.get(old.incident.id) } }),
        audit: async ({ action, subject, detail }) => void state.audit.push(`${action} ${subject} ${detail.why}`),
      }),
    recorder: (reaches?: Channel["reaches"]) => {
      const got: Message[] = [];
      const channel: Channel = { ...(reaches ? { reaches } : {}), send: async (one) => void got.push(one) };
      return { got, channel, told: () => got.map((one) => `${one.incident.id.slice(name("").length)} ${one.kind}`) };
    },
    /** The time passes, and the messages are seen to in each `step`. */
    pass: async (box: { drain(): Promise<void> }, ms: number, step = 1_000) => {
      for (const end = state.time + ms; state.time < end; ) {
        state.time += step;
        await box.drain();
      }
    },
  });
  let apps = 0;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.drop());
  beforeEach(() => {
    apps += 1;
    calls.app = `calls${apps}`;
    calls.stands.clear();
    calls.audit.splice(0);
  });
  return calls;
}

/** A channel that takes nothing. */
export function refusing(detail: Partial<ConstructorParameters<typeof SendFailure>[0]>): Channel {
  return {
    send: async () => {
      throw new SendFailure({ who: "x", reason: "no s3cret-value", retryable: true, ...detail });
    },
  };
}
