import { afterAll, beforeAll, expect, test } from "vitest";
import { StatusPageSchema } from "../../config/status-page.ts";
import type { Check } from "../../contract/check.ts";
import { createRedactor } from "../../core/redact.ts";
import { createWorld, MINUTE, PLANTED, START, type World } from "../../incidents/testing.ts";
import { sql } from "../../store/drizzle.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import type { Engine } from "../engine.ts";
import { publicUseCases } from "../public-usecases.ts";
import { renderAtom } from "./atom.ts";
import { renderHtml } from "./html.ts";
import { readPage } from "./read.ts";

const DAY = 86_400_000;
const HOST = "10.1.2.3";

let store: TestStore;
let world: World;
beforeAll(async () => {
  store = await openTestStore();
  world = await createWorld(store);
});
afterAll(async () => {
  await world.stop();
  await store.drop();
});

function engineWith(settings: unknown): { engine: Engine; audited: unknown[] } {
  const audited: unknown[] = [];
  const engine = {
    ...{ store, environment: "staging", redact: createRedactor([PLANTED]), bus: { emit: () => {} } },
    clock: { ...world.clock, monotonic: () => audited.length * 60_000 },
    manifest: { project: "shop", status_page: settings && StatusPageSchema.parse(settings) },
    audit: async (entry: unknown) => void audited.push(entry),
  };
  return { engine: engine as unknown as Engine, audited };
}

function checks(): Check[] {
  const at = new Date(world.clock.now() - 1_000).toISOString();
  const one = (id: string, service: string | null, verdict: Check["verdict"]) =>
    ({
      id,
      service,
      everyMs: 5_000,
      critical: true,
      verdict,
      target: `GET http://${HOST}/`,
      lastResult: { at },
    }) as Check;
  return [
    one("staging/api/health", "api", "DOWN"),
    one("staging/check/cert", null, "UP"),
    one("staging/secret-backoffice/health", "secret-backoffice", "DOWN"),
  ];
}

async function bucket(checkId: string, at: number, ok: number, fail: number) {
  await store.db.execute(sql`
    INSERT INTO bucket_minute (check_id, minute, epoch, ok, slow, fail, unknown, skipped, sum_ms, histogram)
    VALUES (${checkId}, ${new Date(at).toISOString()}::timestamptz, 1, ${ok}, 0, ${fail}, 0, 0, 0, '{}')`);
}

test("the page says what happened, in public names and words, and nothing from inside", async () => {
  const { engine, audited } = engineWith({ services: { api: "Ordering", cert: "Secure connection" } });
  const rooms = { watch: { list: async () => checks() }, alerts: undefined as never, onBackgroundError: () => {} };
  const { statusPage, publishIncident } = publicUseCases(engine, { ...rooms, incidents: world.incidents });
  await bucket("staging/api/health", START, 90, 10);
  await bucket("staging/api/health", START - 2 * DAY, 100, 0);
  await world.say("DOWN", { detail: `connect ECONNREFUSED ${HOST}` });
  await world.incidents.handle({
    ...{ checkId: "staging/secret-backoffice/health", environment: "staging", service: "secret-backoffice" },
    ...{ component: "service", critical: true, everyMs: 5_000, from: "UP", to: "DOWN", class: "refused" },
    ...{ family: "availability", detail: null, at: START, onset: START },
  });
  await world.settle();

  const page = await statusPage();
  expect(page).toMatchObject({ title: "Service status", state: "outage" });
  expect(page.services.map(({ name, state }) => [name, state])).toEqual([
    ["Ordering", "outage"],
    ["Secure connection", "operational"],
  ]);
  expect(page.services[0]?.days.slice(-3).map(({ state }) => state)).toEqual(["operational", "unknown", "outage"]);
  expect(page.incidents).toMatchObject([{ title: "Problem with Ordering", state: "investigating", resolvedAt: null }]);
  expect(await statusPage()).toBe(page);

  const id = page.incidents[0]?.id ?? "";
  await world.jump(MINUTE);
  await publishIncident(id, `We are on it. ${PLANTED}`, "cli:eva");
  expect(audited).toMatchObject([{ action: "incident.published", actor: "cli:eva", subject: id }]);
  const told = await statusPage();
  expect(told.incidents[0]?.updates.map(({ text }) => text)).toEqual(["We are on it. •••"]);

  const forms = [JSON.stringify(told), renderHtml(told, { json: "j", atom: "a" }), renderAtom(told, "a")].join("\n");
  for (const inside of [HOST, PLANTED, "backoffice", "staging", "ECONNREFUSED", "refused", "restart", "shop"])
    expect(forms).not.toContain(inside);
  await expect(publishIncident("inc-none", "x", "a")).rejects.toMatchObject({ code: "SM-INCIDENT-UNKNOWN" });
  const without = publicUseCases(engineWith(undefined).engine, { ...rooms, incidents: world.incidents });
  await expect(without.statusPage()).rejects.toMatchObject({ code: "SM-STATUS-PAGE-UNKNOWN" });
  await expect(without.publishIncident(id, "x", "a")).rejects.toMatchObject({ code: "SM-STATUS-PAGE-OFF" });
});

test("a late job of a service that answers and a budget of errors are no news for the public", async () => {
  const { engine } = engineWith({ services: { api: "Ordering" } });
  const nightly = { ...checks()[0], id: "staging/check/nightly", type: "heartbeat", verdict: "DOWN" } as Check;
  const told = { critical: true, everyMs: 5_000, at: world.clock.now(), onset: world.clock.now() };
  const before = await world.incidents.list();
  await world.say("DOWN", { ...told, checkId: nightly.id, component: "nightly", class: "late" });
  await world.say("DOWN", { ...told, checkId: "staging/slo/api", component: "slo", class: "burn:14.4" });
  expect(await world.incidents.list()).toHaveLength(before.length + 2);
  const all = [{ ...checks()[0], verdict: "UP" } as Check, nightly];
  const page = await readPage(engine, StatusPageSchema.parse(engine.manifest.status_page), all);
  expect(page.state).toBe("operational");
  expect(page.incidents.filter(({ id }) => before.every((known) => known.id !== id))).toEqual([]);
});
