import { afterEach, expect, test, vi } from "vitest";
import { service } from "../../test/lab/lab.ts";
import { systemClock } from "../core/clock.ts";
import { unmet } from "../deploy/preflight/override.ts";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { listApprovals } from "../store/approvals.ts";
import { readLedger } from "../store/ledger.ts";
import { outbox } from "../store/tables/incidents.ts";
import type { Engine } from "./engine.ts";
import { holdUseCases } from "./holds.ts";
import { carryOut, plannedDeploy, plannedRollback } from "./rollouts.ts";
import { vouch } from "./vouch.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let lab: DeployLab;
afterEach(async () => await lab.close());

const ALONE = { platform: "local", strategy: { kind: "blue-green", bake: "500ms" } };
const guarded = (change: Record<string, unknown>) => ({
  manifest: {
    environments: { local: { ...ALONE, ...change } },
    notify: { duty: { kind: "console" } },
    escalate: { SEV1: ["duty"], SEV2: [] },
  },
});
const WEEKEND = "Fri 16:00 - Mon 08:00 Europe/Paris";
const SATURDAY = "2026-11-21T10:00:00Z";
const MONDAY = "2026-11-23T08:00:00Z";

/** The engine with another time on its wall. */
function at(time: string): Engine {
  return Object.create(lab.engine, { clock: { value: { ...systemClock, now: () => Date.parse(time) } } });
}
async function ship(request: Parameters<typeof plannedDeploy>[1] = {}, engine = lab.engine, actor = "cli:ada") {
  return await carryOut(engine, await plannedDeploy(engine, request, actor));
}
const refusal = (message: string) => ({ code: "SM-PREFLIGHT", exitCode: 3, message: expect.stringContaining(message) });
const audited = async () =>
  (await readLedger(lab.engine.store.db, 100)).reverse().map(({ actor, action }) => `${actor} ${action}`);

test("what QA has not seen is refused; its word counts for that content, and only from an approver", async () => {
  lab = await openDeployLab(guarded({ require: ["qa"], approvers: ["eve"] }));
  await expect(ship()).rejects.toMatchObject({
    ...refusal("r1 may not go to local: qa (nobody vouched)"),
    next: "stationmaster approve qa --env local",
  });
  await expect(vouch(lab.engine, { what: "qa" }, "cli:ada")).rejects.toMatchObject({
    ...{ code: "SM-APPROVE-WHO", exitCode: 3, message: "cli:ada is no approver of local: eve" },
  });
  await expect(ship()).rejects.toMatchObject(refusal("nobody vouched"));
  // Not stored yet: it is what the plan would ship.
  const word = await vouch(lab.engine, { what: "qa", release: "r1", evidence: "run 7" }, "cli:eve");
  expect(word).toMatchObject({ release: "r1", environment: "local", who: "cli:eve", evidence: "run 7" });
  const done = await ship();
  expect(done).toMatchObject({ state: "SUCCEEDED", plan: { preflight: expect.anything() } });
  expect(done.plan.preflight?.find(({ item }) => item === "qa")?.evidence).toMatch(
    /^cli:eve vouched for r1 .* ago: run 7$/,
  );
  lab.write("version.txt", "two");
  await expect(ship()).rejects.toMatchObject(refusal("with other content of app"));
  await expect(vouch(lab.engine, { what: "qa", release: "r9" }, "cli:eve")).rejects.toMatchObject({
    code: "SM-RELEASE-UNKNOWN",
    message: 'there is no release "r9", and a deployment would ship r2 now',
  });
  expect(await audited()).toContain("cli:eve release.vouched");
});

test("an override is refused without a reason, and else stored, audited and told", async () => {
  lab = await openDeployLab(guarded({ require: ["qa", "backup"] }));
  await expect(ship({ override: ["qa"] })).rejects.toMatchObject({ code: "SM-OVERRIDE-REASON" });
  await expect(ship({ override: ["qa"], reason: "the fix" })).rejects.toMatchObject(refusal("backup (nobody vouched)"));
  const { db } = lab.engine.store;
  const place = { app: "lab", env: "local" };
  expect(await listApprovals(db, place)).toEqual([]);
  await vouch(lab.engine, { what: "backup", evidence: "dump of tonight" }, "cli:ada");
  const done = await ship({ override: ["qa"], reason: "the fix" });
  expect(done.state).toBe("SUCCEEDED");
  expect((await listApprovals(db, place)).map(({ what, who }) => `${who} ${what}`)).toEqual([
    "cli:ada override:qa",
    "cli:ada backup",
  ]);
  expect(await audited()).toContain("cli:ada preflight.override");
  // SEV2 goes to nobody in this manifest.
  expect(await db.select().from(outbox)).toEqual([]);
  lab.write("version.txt", "two");
  await expect(ship()).rejects.toMatchObject(refusal("qa ("));
});

test("in a freeze nothing is deployed, a rollback is; the broken glass is heard", async () => {
  lab = await openDeployLab(guarded({ freeze: [WEEKEND] }));
  await expect(ship({}, at(SATURDAY))).rejects.toMatchObject({
    ...refusal(`window (frozen: ${WEEKEND}; until 2026-11-23T07:00:00.000Z)`),
    next: "stationmaster deploy local --when-open",
  });
  expect((await ship({}, at(MONDAY))).state).toBe("SUCCEEDED");
  lab.write("version.txt", "two");
  await expect(ship({ override: ["window"], reason: "r" }, at(SATURDAY))).rejects.toMatchObject({
    code: "SM-OVERRIDE-ITEM",
    next: "add --break-glass --reason TEXT",
  });
  const glass = await ship({ breakGlass: true, reason: "the shop is down" }, at(SATURDAY));
  expect(glass).toMatchObject({ state: "SUCCEEDED", release: "r2" });
  expect(await audited()).toContain("cli:ada preflight.break-glass");
  const [told, ...others] = await lab.engine.store.db.select().from(outbox);
  expect(others).toEqual([]);
  expect(told).toMatchObject({
    channel: "duty",
    message: { kind: "notice", incident: { severity: "SEV1", service: "deploy" } },
  });
  expect(told?.message.text).toContain("cli:ada ships r2 past window");
  expect(told?.message.text).toContain("the shop is down");
  const back = await carryOut(at(SATURDAY), await plannedRollback(at(SATURDAY), {}, "cli:ada"));
  expect(back).toMatchObject({ state: "SUCCEEDED", release: "r1" });
});

test("people freeze and lift; the plan is the same one all the time", async () => {
  lab = await openDeployLab();
  const { freeze, freezes, unfreeze } = holdUseCases(lab.engine);
  const open = await plannedDeploy(lab.engine, {}, "test");
  expect(open.plan.preflight).toBeUndefined();
  const fair = await freeze({ reason: "the fair", until: new Date(Date.now() + 3_600_000).toISOString() }, "cli:eve");
  expect(await freezes()).toEqual([fair]);
  const closed = await plannedDeploy(lab.engine, {}, "test");
  expect(unmet(closed.plan).map(({ item }) => item)).toEqual(["window"]);
  expect(closed.plan.hash).toBe(open.plan.hash);
  await expect(carryOut(lab.engine, closed)).rejects.toMatchObject(refusal("frozen by cli:eve: the fair"));
  expect(await unfreeze(fair.id, "cli:ada")).toEqual(fair);
  expect(await freezes()).toEqual([]);
  await expect(unfreeze(fair.id, "cli:ada")).rejects.toMatchObject({ code: "SM-FREEZE-UNKNOWN" });
  await expect(freeze({ reason: "r", until: SATURDAY.replace("2026", "2020") }, "cli:ada")).rejects.toMatchObject({
    code: "SM-FREEZE-PAST",
  });
  expect((await ship()).state).toBe("SUCCEEDED");
  expect(await audited()).toEqual(
    expect.arrayContaining(["cli:eve environment.frozen", "cli:ada environment.unfrozen"]),
  );
});

test("nobody gets past a lock, and nobody locks what is being changed", async () => {
  lab = await openDeployLab({ services: { app: service({ env: { MODE: "ok" } }) } });
  const { lock, unlock } = holdUseCases(lab.engine);
  await ship();
  lab.write("version.txt", "two");
  const planned = await plannedDeploy(lab.engine, {}, "test");
  let refused: unknown;
  await carryOut(lab.engine, planned, () => {
    void lock({ reason: "no" }, "cli:ada").catch((error: unknown) => {
      refused = error;
    });
  });
  expect(refused).toMatchObject({
    code: "SM-DEPLOY-BUSY",
    message: expect.stringMatching(/^the rollout ro-.* works on local/),
  });
  expect(await lock({ reason: "the database moves" }, "cli:ada")).toMatchObject({ holder: "cli:ada" });
  const locked = {
    code: "SM-LOCKED",
    exitCode: 3,
    message: "local is locked by cli:ada: the database moves",
    next: "ask cli:ada, or stationmaster unlock local",
  };
  lab.write("version.txt", "three");
  await expect(ship()).rejects.toMatchObject(locked);
  const { plan } = await plannedDeploy(lab.engine, {}, "test");
  expect(unmet(plan).map(({ item, evidence }) => `${item}: ${evidence}`)).toEqual([
    "lock: locked by cli:ada: the database moves",
  ]);
  await expect(ship({ override: ["lock"], reason: "r" })).rejects.toMatchObject({ code: "SM-OVERRIDE-ITEM" });
  await expect(lock({ reason: "mine" }, "cli:bob")).rejects.toMatchObject(locked);
  const [status, doctor] = [await lab.run(["status"]), await lab.run(["doctor"])];
  expect(status.stdout).toMatch(/locked by cli:ada .*: the database moves/);
  expect(doctor.stdout).toMatch(/locked by cli:ada since .*the database moves/);
  await unlock({}, "cli:bob");
  await expect(unlock({}, "cli:bob")).rejects.toMatchObject({ code: "SM-UNLOCKED" });
  expect((await ship()).state).toBe("SUCCEEDED");
});
