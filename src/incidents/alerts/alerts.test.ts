import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { AlertmanagerSchema } from "../../config/alertmanager.ts";
import { AlertNotification } from "../../contract/alert.ts";
import { createRedactor } from "../../core/redact.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import type { VerdictEvent } from "../../watch/types.ts";
import { createWorld, MINUTE, PLANTED, START, type World } from "../testing.ts";
import { type Alerts, createAlerts } from "./alerts.ts";
import { readAlert } from "./read.ts";

const ZERO = "0001-01-01T00:00:00Z";
const alertmanager = AlertmanagerSchema.parse({
  receive: { secret: "s", ttl: "1h" },
  map: { services: { "shop-api": "api" }, severity: { critical: "SEV1", info: "SEV3" } },
});

function received(labels: Record<string, string>, more: Record<string, unknown> = {}) {
  const about = { status: "firing", startsAt: new Date(START - MINUTE).toISOString(), endsAt: ZERO, fingerprint: "f1" };
  return { ...about, labels: { alertname: "HighErrors", ...labels }, annotations: {}, ...more };
}

function notification(...alerts: ReturnType<typeof received>[]): AlertNotification {
  return AlertNotification.parse({ version: "4", status: "firing", receiver: "x", groupKey: "{}", alerts });
}

let store: TestStore;
let world: World;
let alerts: Alerts;
let app = 0;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());
beforeEach(async () => {
  app += 1;
  world = await createWorld(store, { app: `shop${app}` });
  open();
});

function open(handle = (event: VerdictEvent) => world.incidents.handle(event)) {
  alerts = createAlerts({
    ...{ store, app: `shop${app}`, environment: "staging", clock: world.clock, handle },
    redact: createRedactor([PLANTED]),
    settings: () => ({ services: ["api", "web"], alertmanager }),
  });
}

/** A notification, handed on at once. */
async function hear(notification: AlertNotification): Promise<number> {
  const taken = await alerts.take(notification);
  await alerts.fold();
  return taken;
}

test("an alert opens the incident of its service, which its end resolves after the quiet time", async () => {
  const firing = received({ job: "shop-api", severity: "critical" }, { annotations: { summary: `much ${PLANTED}` } });
  expect(await hear(notification(firing))).toBe(1);
  await world.settle();
  const opened = await world.only();
  expect(opened).toMatchObject({ service: "api", severity: "SEV1", symptom: "alert HighErrors" });
  expect(opened.failedChecks).toEqual(["staging/alert/HighErrors/f1"]);
  expect(JSON.stringify(opened)).not.toContain(PLANTED);
  expect(await alerts.ids()).toEqual(["staging/alert/HighErrors/f1"]);

  await hear(notification(firing, firing));
  await world.settle();
  expect((await world.only()).timeline.filter(({ kind }) => kind === "opened" || kind === "check")).toHaveLength(1);

  await hear(notification({ ...firing, status: "resolved" }));
  await world.settle();
  expect(await world.only()).toMatchObject({ state: "monitoring" });
  expect(await alerts.ids()).toEqual([]);
  await world.pass(16 * MINUTE, MINUTE);
  expect((await world.only()).resolvedAt).not.toBeNull();
  expect(world.did.filter(({ what }) => what.startsWith("restart"))).toEqual([]);
  await world.stop();
});

test("one of a service nobody knows is an incident of its own; several of one name and service are one", async () => {
  await hear(
    notification(
      received({ job: "node" }),
      received({ service: "web" }, { fingerprint: "f2" }),
      received({ service: "web" }, { fingerprint: "f3" }),
    ),
  );
  await world.settle();
  const list = await world.incidents.list();
  expect(list.map(({ service, severity }) => [service, severity]).sort()).toEqual([
    ["HighErrors", "SEV2"],
    ["web", "SEV2"],
  ]);
  await world.stop();
});

test("it outlasts a restart of the daemon, also that of the checks, and ends by itself when nobody speaks of it", async () => {
  await world.grant("api");
  await hear(notification(received({ service: "api", severity: "info" })));
  await world.settle();
  await world.restartDaemon();
  open();
  await world.incidents.setChecks(["staging/api/health", ...(await alerts.ids())]);
  expect(await world.only()).toMatchObject({ state: "open", severity: "SEV3" });
  await world.jump(59 * MINUTE);
  await alerts.fold();
  await world.settle();
  expect(await world.only()).toMatchObject({ state: "open" });
  await world.jump(2 * MINUTE);
  await alerts.fold();
  await world.settle();
  expect(await world.only()).toMatchObject({ state: "monitoring" });
  expect(await alerts.ids()).toEqual([]);
  await world.stop();
});

test("what we sent ourselves, and what our own rules say, is not taken", async () => {
  const own = [received({ alertname: "StationmasterIncident" }), received({ alertname: "StationmasterCheckDown" })];
  expect(await hear(notification(...own))).toBe(0);
  expect(await alerts.ids()).toEqual([]);
  await world.stop();
});

test("an alert that says when it ends is over then; odd names do no harm", () => {
  const reading = { environment: "e", services: ["api"], map: alertmanager.map, ttlMs: MINUTE, now: START };
  const ends = new Date(START + 5 * MINUTE).toISOString();
  const [odd] = notification(
    received({ alertname: "a@b/../c d", service: "__proto__", severity: "constructor" }, { endsAt: ends }),
  ).alerts;
  expect(odd && readAlert(odd, reading)).toMatchObject({
    checkId: "e/alert/a-b-..-c-d/f1",
    ...{ service: null, severity: "SEV2", expiresAt: START + 5 * MINUTE, startsAt: START - MINUTE },
  });
});

test.each([ZERO, "0000-01-01T00:00:00Z", new Date(START + MINUTE).toISOString()])(
  "an alert that cannot have begun at %s begins when it is heard of",
  async (startsAt) => {
    expect(await hear(notification(received({}, { startsAt })))).toBe(1);
    const { rows } = await store.pool.query("select starts_at from alert where app = $1", [`shop${app}`]);
    expect(rows).toEqual([{ starts_at: new Date(START) }]);
    await world.stop();
  },
);

test("hundreds are taken in before one is handed on; what is handed on is not again, whoever repeats it or stops", async () => {
  const many = Array.from({ length: 600 }, (_, number) => received({ service: "web" }, { fingerprint: `f${number}` }));
  const handed: VerdictEvent[] = [];
  let most = 200;
  const handle = async (event: VerdictEvent) => {
    if (handed.length >= most) throw new Error("the daemon is killed");
    handed.push(event);
  };
  open(handle);
  expect(await alerts.take(notification(...many))).toBe(600);
  expect(handed).toEqual([]);
  await expect(alerts.fold()).rejects.toThrow("killed");
  most = 10_000;
  open(handle);
  await Promise.all([alerts.take(notification(...many)), alerts.take(notification(...many.toReversed()))]);
  await alerts.fold();
  expect(new Set(handed.map(({ checkId }) => checkId)).size).toBe(600);
  await hear(notification(...many));
  expect(handed).toHaveLength(600);

  handed.length = 0;
  const over = many.slice(0, 250).map((one) => ({ ...one, status: "resolved" }));
  const worse = received({ service: "web", severity: "critical" }, { fingerprint: "f599" });
  await hear(notification(...over, ...over, worse));
  expect(handed.filter(({ to }) => to === "UP")).toHaveLength(250);
  expect(handed.filter(({ to }) => to !== "UP")).toMatchObject([
    { checkId: "staging/alert/HighErrors/f599", critical: true },
  ]);
  expect(await alerts.ids()).toHaveLength(350);
  await world.stop();
});

test("one that fires again before its end is handed on goes on firing", async () => {
  const handed: string[] = [];
  const again = received({ service: "web" });
  open(async ({ to }) => {
    handed.push(to);
    if (to === "UP") await alerts.take(notification(again));
  });
  await hear(notification(again));
  await hear(notification({ ...again, status: "resolved" }));
  expect(await alerts.ids()).toHaveLength(1);
  await alerts.fold();
  await alerts.fold();
  expect(handed).toEqual(["DOWN", "UP", "DOWN"]);
  await world.stop();
});
