import { afterAll, beforeAll, expect, test } from "vitest";
import { createRedactor } from "../core/redact.ts";
import { takeLease } from "../store/leases.ts";
import { insertRollout, readJournal } from "../store/rollouts.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { openJournal } from "./journal.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

test("what is stored is redacted: intents, outcomes, failures and facts; who acts works with what is true", async () => {
  const lease = await takeLease(store.db, { app: "app", env: "local" }, "test");
  if (!lease) throw new Error("no lease");
  const rolloutId = "ro-redacted";
  await insertRollout(store.db, {
    ...{ id: rolloutId, app: "app", env: "local", release: "r1", kind: "deploy", strategy: "blue-green" },
    ...{ plan: {} as never, planHash: "h", state: "STARTED", generation: lease.generation, actor: "test" },
  });
  const redact = createRedactor(["correct horse"]);
  const journal = await openJournal({ store, lease, rolloutId, redact, onChange: () => {} });
  const step = "STARTED";
  const said = { answers: ["is correct horse"], count: 1 };
  const intent = { said: "correct horse" };
  expect(await journal.effect({ key: "a", step, target: null, intent, act: async () => said })).toEqual(said);
  const act = () => Promise.reject(new Error("no correct horse"));
  await expect(journal.effect({ key: "b", step, target: null, act })).rejects.toThrow("correct horse");
  await journal.note("c", step, null, { what: "correct horse" });
  const rows = await readJournal(store.db, rolloutId);
  expect(rows.map(({ key, phase, payload }) => [key, phase, payload])).toEqual([
    ["a", "intent", { said: "•••" }],
    ["a", "outcome", { answers: ["is •••"], count: 1 }],
    ["b", "intent", {}],
    ["b", "outcome", { failed: true, code: "SM-BUG", message: "no •••" }],
    ["c", "outcome", { what: "•••" }],
  ]);
});
