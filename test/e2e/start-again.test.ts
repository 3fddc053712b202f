import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type RunningDaemon, startDaemon } from "../lab/daemon.ts";
import { type Lab, openLab } from "../lab/lab.ts";
import { type Night, nightService, openNight } from "../lab/night.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 });

const SCHEMA = "again";

let lab: Lab;
let night: Night;
let daemon: RunningDaemon;
beforeAll(async () => {
  lab = await openLab({
    services: { loop: nightService("loop"), calm: nightService("calm") },
    // What starts it here is the start of the daemon alone.
    manifest: { remedies: { loop: { mode: "act", ladder: ["redeploy"] } } },
    command: { env: { STATIONMASTER_SCHEMA: SCHEMA } },
  });
  night = openNight(lab);
  daemon = await startDaemon(lab);
});
afterAll(() => lab.close());

test("a supervisor that starts the daemon again and again starts what crashes twice an hour at most", async () => {
  night.signal("die", "loop");
  await night.killService("loop");
  for (let round = 1; round <= 5; round++) {
    await daemon.crash();
    daemon = await startDaemon(lab);
  }
  expect(night.starts("loop")).toBe(3);
  expect(night.starts("calm")).toBe(1);
  expect(daemon.command.said()).toContain("loop stays down: the 2 restarts of this hour are used");
  const open = await until("its incident", async () => (await night.incidents()).find((one) => one.service === "loop"));
  expect(await night.incident(open.id)).toMatchObject({ restartsLeft: 0 });
});

test("what ended with the machine it ran on is started, whatever was used up", async () => {
  night.calm("die", "loop");
  await daemon.crash();
  const store = new pg.Client({ connectionString: lab.env.DATABASE_URL });
  await store.connect();
  // As the processes of the machine before its last start are written down.
  await store.query(
    `update ${SCHEMA}.unit set address = address || '{"started": "00000000:1"}' where service = 'loop'`,
  );
  await store.end();
  daemon = await startDaemon(lab);
  expect(night.starts("loop")).toBe(4);
});

test("who types `up` gives an order: it is started, and takes no restart of the machine", async () => {
  await night.killService("loop");
  await daemon.crash();
  daemon = await startDaemon(lab, { STATIONMASTER_ORDERED_BY: "cli:ada" });
  expect(night.starts("loop")).toBe(5);
  const { rollouts } = await lab.status();
  expect(rollouts[0]).toMatchObject({ kind: "restore", actor: "cli:ada", state: "SUCCEEDED" });
});
