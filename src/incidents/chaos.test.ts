import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Verdict } from "../contract/check.ts";
import { isOver } from "../contract/incident.ts";
import { startReceiver } from "../notify/testing.ts";
import { webhookChannel } from "../notify/webhook/channel.ts";
import { sql } from "../store/drizzle.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { createWorld, MINUTE, SECOND, START, type World } from "./testing.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

let worlds = 0;
function newApp(): string {
  worlds += 1;
  return `shop${worlds}`;
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("say" as const),
      to: fc.constantFrom<Verdict>("UP", "SUSPECT", "DOWN", "DOWN", "UNKNOWN"),
      class: fc.constantFrom("refused", "process-gone", "http-5xx"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("pass" as const),
      ms: fc.constantFrom(5 * SECOND, MINUTE, 3 * MINUTE, 20 * MINUTE, 61 * MINUTE),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("acknowledge" as const, "fail" as const, "work" as const) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

test("whatever the checks say and whenever the daemon dies, an hour holds at most 2 restarts, and each key one open incident", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      const world = await createWorld(store, { app: newApp() });
      try {
        await world.grant("api");
        const restart = world.hands.restart;
        for (const item of steps) await take(world, item, restart);
        const times = world.did.filter((item) => item.what === "restart api").map((item) => item.at);
        for (const from of times)
          expect(times.filter((at) => at >= from && at <= from + 60 * MINUTE).length).toBeLessThanOrEqual(2);
        await expectWhole(world);
      } finally {
        await world.stop();
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
}, 300_000);

async function take(world: World, item: Step, restart: World["hands"]["restart"]): Promise<void> {
  if (item.do === "say")
    await world.say(item.to, item.to === "UP" || item.to === "UNKNOWN" ? {} : { class: item.class });
  if (item.do === "pass") await world.pass(item.ms, Math.max(SECOND, Math.min(20 * SECOND, item.ms / 20)));
  if (item.do === "crash") await world.restartDaemon();
  if (item.do === "work") world.hands.restart = restart;
  if (item.do === "fail")
    world.hands.restart = async (ticket, service, signal) => {
      await restart(ticket, service, signal);
      throw new Error("it does not start");
    };
  if (item.do === "acknowledge") {
    const [open] = await world.incidents.list({ state: "unclosed" });
    if (open) await world.incidents.acknowledge(open.id, "alice");
  }
}

/** Every action that touched the service rests on evidence of before, and ends; every opening that was told and ended was resolved once. */
async function expectWhole(world: World): Promise<void> {
  await world.outbox.drain();
  const incidents = await world.incidents.list({ limit: 1_000 });
  const open = incidents.filter((item) => !isOver(item.state));
  expect(new Set(open.map((item) => item.key)).size).toBe(open.length);
  for (const { id, state } of incidents) {
    const { rows } = await store.db.execute<{ bad: number }>(sql`
      SELECT count(*)::int AS bad FROM heal_action a LEFT JOIN incident_event e ON e.incident_id = a.incident_id AND e.seq = a.evidence_seq
      WHERE a.incident_id = ${id} AND a.remedy <> 'escalate' AND (e.kind IS DISTINCT FROM 'evidence' OR e.at > a.at OR a.ended_at < a.at)`);
    expect(rows[0]?.bad).toBe(0);
    const told = world.messages.filter((message) => message.incident.id === id).map((message) => message.kind);
    const openings = told.filter((kind) => kind === "opened").length;
    const events = world.messages.filter((message) => message.incident.id === id).map((message) => message.event);
    expect(openings).toBe(1);
    expect(events).toEqual([...new Set(events)].sort((a, b) => a - b));
    if (isOver(state)) expect(told.at(-1)).toBe("resolved");
  }
}

test("two daemons that see the same failure open one incident and restart once", async () => {
  const app = newApp();
  const [one, two] = [await createWorld(store, { app }), await createWorld(store, { app })];
  try {
    await one.grant("api");
    await Promise.all([one.say("DOWN"), two.say("DOWN")]);
    await Promise.all([one.settle(), two.settle()]);
    expect(await one.only()).toMatchObject({ state: "healing", restartsLeft: 1 });
    expect(one.did.length + two.did.length).toBe(1);
    await one.outbox.drain();
    expect([...one.messages, ...two.messages].map((message) => message.kind)).toEqual(["opened"]);
  } finally {
    await one.stop();
    await two.stop();
  }
});

test("the call for a person reaches a webhook that first hangs up and then answers 500, in order", async () => {
  const receiver = await startReceiver((response, count) => {
    if (count === 1) return void response.destroy();
    response.writeHead(count === 2 ? 500 : 200).end();
  });
  const channels = new Map([
    ["page", webhookChannel({ url: receiver.url, secret: "topsecret" }, { now: () => START })],
  ]);
  const world = await createWorld(store, { app: newApp(), channels });
  try {
    await world.grant("api");
    await world.say("DOWN");
    await world.outbox.drain();
    expect(receiver.received).toHaveLength(1);
    for (let round = 0; round < 12; round++) {
      await world.pass(15 * SECOND, 5 * SECOND);
      await world.outbox.drain();
    }
    const kinds = receiver.messages().map((message) => message.kind);
    expect(kinds).toEqual(["opened", "opened", "opened", "escalated"]);
    expect(receiver.messages().at(-1)).toMatchObject({
      incident: { service: "api", severity: "SEV1" },
      todo: expect.stringContaining("acknowledge"),
    });
    expect(new Set(receiver.received.map((item) => item.headers["idempotency-key"])).size).toBe(2);
    expect(world.did).toHaveLength(2);
  } finally {
    await world.stop();
    await receiver.stop();
  }
});

test("a verdict that arrives while the store is away is refused until it is folded, and then is not lost", async () => {
  const world = await createWorld(store, { app: newApp() });
  const { transaction } = store.db;
  try {
    await world.grant("api");
    store.db.transaction = async () => {
      throw new Error("the store is away");
    };
    await expect(world.say("DOWN")).rejects.toThrow("the store is away");
    await expect(world.say("DOWN")).rejects.toThrow("the store is away");
    store.db.transaction = transaction;
    expect(await world.incidents.list()).toEqual([]);
    await world.say("DOWN");
    expect(await world.only()).toMatchObject({ state: "healing" });
  } finally {
    store.db.transaction = transaction;
    await world.stop();
  }
});
