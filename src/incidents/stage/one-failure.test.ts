import { expect, test } from "vitest";
import { CheckSchema } from "../../config/checks.ts";
import { insertSilence } from "../../store/silences.ts";
import { namedCheck } from "../../watch/named.ts";
import type { VerdictEvent } from "../../watch/types.ts";
import { MINUTE, SECOND } from "../testing.ts";
import { openStage } from "./testing.ts";

const stage = openStage();
const FAILURE = { class: "http-5xx", detail: "status 500" };
const did = () => stage.world.did.map(({ what }) => what);
const kinds = async () => (await stage.world.incidents.list()).map(({ state }) => state);

/** What a check of the manifest on an address of the api says of itself in its verdicts. */
function items(change: Record<string, unknown> = {}): Partial<VerdictEvent> {
  const config = CheckSchema.parse({ url: "http://127.0.0.1/items", service: "api", every: "5s", ...change });
  const sources = { environment: "staging", routes: {}, resolve: (text: string) => text };
  const [spec] = namedCheck("items", config, sources);
  if (!spec) throw new Error("no check");
  const { id: checkId, service, component, critical, everyMs } = spec;
  return { checkId, service, component, critical, everyMs };
}

test("a service whose health and whose address fail is one incident that is healed once and ends when both pass", async () => {
  const world = await stage.start();
  await world.say("SUSPECT", { ...items(), ...FAILURE });
  await world.say("DOWN", { ...items(), ...FAILURE });
  expect(await world.only()).toMatchObject({ service: "api", severity: "SEV2" });
  await world.say("DOWN", FAILURE);
  expect(await world.only()).toMatchObject({ state: "healing", severity: "SEV1" });
  await world.pass(5 * SECOND);
  expect(did()).toEqual(["restart api"]);
  await world.say("UP");
  expect((await world.only()).state).toBe("healing");
  await world.say("UP", items());
  expect((await world.only()).state).toBe("monitoring");
  await world.pass(2 * MINUTE, 5 * SECOND);
  expect(await world.only()).toMatchObject({
    state: "resolved",
    failedChecks: ["staging/api/health", "staging/check/items"],
  });
});

test("a check with a dependency of its own may fail for another reason, and is another incident", async () => {
  const world = await stage.start();
  await world.say("DOWN", FAILURE);
  await world.say("DOWN", { ...items({ depends_on: ["search"] }), ...FAILURE });
  expect(await kinds()).toHaveLength(2);
});

test("a check that is silenced by itself holds up neither the outage of its service nor its end", async () => {
  const world = await stage.start();
  const now = world.clock.now();
  await insertSilence(stage.store.db, {
    ...{ id: "sil-1", app: "shop", environment: "staging", kind: "silence", author: "alice", reason: "known" },
    ...{ matcher: { check: "staging/check/items" }, recurrence: null, createdAt: new Date(now) },
    ...{ fromAt: new Date(now), untilAt: new Date(now + 60 * MINUTE) },
  });
  await world.silences.refresh();
  await world.say("SUSPECT", { ...items(), ...FAILURE });
  await world.say("DOWN", { ...items(), ...FAILURE });
  await world.say("DOWN", FAILURE);
  expect(await world.only()).toMatchObject({ state: "healing", failedChecks: ["staging/api/health"] });
  await world.say("UP");
  await world.pass(2 * MINUTE, 5 * SECOND);
  expect((await world.only()).state).toBe("resolved");
  expect(did()).toEqual(["restart api"]);
});
