import { expect, test } from "vitest";
import { insertSilence } from "../../store/silences.ts";
import { saveStates } from "../../watch/state.ts";
import { newCheck } from "../../watch/verdict.ts";
import { MINUTE, SECOND } from "../testing.ts";
import { openStage } from "./testing.ts";

const stage = openStage();
const HOUR = 60 * MINUTE;

/** A failure that ends: four minutes, then the quiet time. */
async function fall(change: Parameters<typeof stage.world.say>[1] = {}): Promise<void> {
  await stage.world.say("DOWN", { class: "assertion", ...change });
  await stage.world.pass(4 * MINUTE, 20 * SECOND);
  await stage.world.say("UP", change);
  await stage.world.pass(3 * MINUTE, 20 * SECOND);
}

async function silence(change: { for: number; kind?: "silence" | "maintenance"; check?: string }): Promise<void> {
  const now = stage.world.clock.now();
  await insertSilence(stage.store.db, {
    ...{ id: "sil-1", app: "shop", environment: "staging", kind: change.kind ?? "silence", author: "alice" },
    ...{ matcher: change.check ? { check: change.check } : { service: "api" }, reason: "new disks", recurrence: null },
    ...{ fromAt: new Date(now), untilAt: new Date(now + change.for), createdAt: new Date(now) },
  });
  await stage.world.silences.refresh();
}

test("an incident is detected when it opens, not at the first doubt, and its times are kept", async () => {
  await stage.start();
  const onset = stage.world.clock.now();
  await stage.world.say("SUSPECT");
  await stage.world.pass(10 * SECOND);
  const opened = stage.world.clock.now();
  await stage.world.say("DOWN", { class: "assertion", onset });
  const { id } = await stage.world.only();
  await stage.world.pass(10 * SECOND);
  await stage.world.incidents.acknowledge(id, "alice");
  const [listed] = await stage.world.incidents.list({ state: "unclosed" });
  expect(listed?.acknowledgement).toMatchObject({ actor: "alice", note: null });
  await stage.world.say("UP");
  await stage.world.pass(2 * MINUTE, 10 * SECOND);
  const { times, detectedAt } = await stage.world.only();
  const iso = (at: number) => new Date(at).toISOString();
  expect(detectedAt).toBe(iso(opened));
  expect(times).toMatchObject({
    onset: iso(onset),
    detected: iso(opened),
    acknowledged: iso(opened + 10 * SECOND),
    mitigated: iso(opened + 10 * SECOND),
    closed: null,
  });
  expect(times?.resolved).not.toBeNull();
});

test("what fails again while it is watched goes on since its first failure", async () => {
  await stage.start();
  const onset = stage.world.clock.now();
  await stage.world.say("DOWN", { class: "assertion" });
  await stage.world.pass(10 * SECOND);
  await stage.world.say("UP");
  await stage.world.pass(5 * SECOND);
  await stage.world.say("DOWN", { class: "assertion" });
  const again = stage.world.clock.now();
  await stage.world.pass(10 * SECOND);
  const { times, occurrence } = await stage.world.only();
  expect(occurrence).toBe(1);
  expect(times?.onset).toBe(new Date(onset).toISOString());
  expect(stage.world.messages.at(-1)?.incident.since).toBe(new Date(again).toISOString());
});

test("what was SEV1 waits for its review and a person closes it; a small matter closes by itself", async () => {
  await stage.start();
  await fall();
  await fall({ checkId: "staging/check/slow", component: "slow", critical: false });
  await stage.world.pass(40 * MINUTE, MINUTE);
  const states = (await stage.world.incidents.list()).map(({ severity, state }) => `${severity} ${state}`);
  expect(states).toEqual(["SEV2 closed", "SEV1 review"]);
  const [reviewed, ...others] = await stage.world.incidents.list({ state: "review" });
  expect(others).toEqual([]);
  const closed = await stage.world.incidents.closeReview(reviewed?.id ?? "", "alice", "pool size raised");
  expect(closed).toMatchObject({ state: "closed" });
  expect(closed.timeline.at(-1)).toMatchObject({ kind: "closed", text: "alice closed it: pool size raised" });
  expect(stage.world.audit.at(-1)).toMatchObject({ action: "incident.closed", actor: "alice" });
  await expect(stage.world.incidents.closeReview(closed.id, "alice", "again")).rejects.toMatchObject({
    code: "SM-INCIDENT-CLOSED",
  });
});

test("an open incident is not closed by hand", async () => {
  await stage.start();
  await stage.world.say("DOWN");
  const { id } = await stage.world.only();
  await expect(stage.world.incidents.closeReview(id, "alice", "x")).rejects.toMatchObject({ code: "SM-INCIDENT-OPEN" });
});

test("within 30 minutes it is the same incident, later a new one that names the old, and the third within 7 days recurs", async () => {
  await stage.start();
  await fall();
  await stage.world.pass(20 * MINUTE, MINUTE);
  await fall();
  expect(await stage.world.only()).toMatchObject({ occurrence: 2 });
  await stage.world.pass(40 * MINUTE, MINUTE);
  await fall();
  const [second, first] = await stage.world.incidents.list();
  expect(await stage.world.incidents.get(second?.id ?? "")).toMatchObject({ previous: first?.id, occurrence: 1 });
  expect(second?.flags ?? []).not.toContain("recurring");
  await stage.world.pass(24 * HOUR, 30 * MINUTE);
  await stage.world.say("DOWN", { class: "assertion" });
  const [third] = await stage.world.incidents.list();
  expect(third?.flags).toContain("recurring");
  await stage.world.say("UP");
  await stage.world.pass(8 * 24 * HOUR, 6 * HOUR);
  await stage.world.say("DOWN", { class: "assertion" });
  const [fresh] = await stage.world.incidents.list();
  expect((await stage.world.incidents.get(fresh?.id ?? ""))?.previous).toBeUndefined();
});

test("a severity that a person lowered rises again only where it gets worse than it was", async () => {
  await stage.start();
  await stage.world.say("DOWN", { class: "assertion", critical: false });
  const { id } = await stage.world.only();
  expect(await stage.world.incidents.setSeverity(id, "SEV3", "alice", "demo only")).toMatchObject({ severity: "SEV3" });
  await stage.world.pass(5 * HOUR, 10 * MINUTE);
  expect(await stage.world.only()).toMatchObject({ severity: "SEV3" });
  await stage.world.say("DOWN", { checkId: "staging/api/process", class: "process-gone" });
  expect(await stage.world.only()).toMatchObject({ severity: "SEV1" });
  expect(stage.world.audit.filter(({ actor }) => actor === "alice")).toHaveLength(1);
});

test("healing that a person stopped stays stopped until the person allows it", async () => {
  await stage.start({ environment: "production" });
  await stage.world.say("DOWN");
  const { id } = await stage.world.only();
  expect((await stage.world.incidents.setFrozen(id, true, "alice")).flags).toContain("frozen");
  await stage.world.pass(2 * MINUTE, 10 * SECOND);
  expect(stage.world.did).toEqual([]);
  expect((await stage.world.only()).actions.map(({ outcome }) => outcome)).not.toContain("proposed");
  await stage.world.incidents.setFrozen(id, false, "alice");
  await stage.world.settle();
  expect((await stage.world.only()).flags ?? []).not.toContain("frozen");
});

test("the time of who took it ends, and somebody is called again", async () => {
  await stage.start();
  await stage.world.say("DOWN", { class: "assertion" });
  const { id } = await stage.world.only();
  await stage.world.incidents.acknowledge(id, "alice");
  const before = await stage.world.only();
  expect(before.acknowledgement).toMatchObject({ actor: "alice" });
  await stage.world.pass(31 * MINUTE, 30 * SECOND);
  const after = await stage.world.only();
  expect(after.acknowledged).toBe(false);
  expect(after.timeline.slice(-3).map(({ kind }) => kind)).toContain("escalated");
});

test("a person opens an incident without checks, and ends it", async () => {
  await stage.start();
  const report = { service: "api", symptom: "orders are charged twice", severity: "SEV1" } as const;
  const opened = await stage.world.incidents.report(report, "alice");
  expect(opened).toMatchObject({ state: "open", severity: "SEV1", reportedBy: "alice", symptom: report.symptom });
  await expect(stage.world.incidents.report(report, "bob")).rejects.toMatchObject({ code: "SM-INCIDENT-EXISTS" });
  await stage.world.pass(2 * MINUTE, 10 * SECOND);
  await stage.world.outbox.drain();
  expect(stage.kinds()[0]).toBe("opened");
  expect(stage.world.did).toEqual([]);
  const ended = await stage.world.incidents.closeReview(opened.id, "alice", "refunded");
  expect(ended).toMatchObject({ state: "resolved" });
  await stage.world.pass(31 * MINUTE, MINUTE);
  expect(await stage.world.only()).toMatchObject({ state: "review" });
});

test("nothing opens while it is silenced, checks go on, and what still fails afterwards opens by itself", async () => {
  await stage.start();
  await silence({ for: 10 * MINUTE });
  await stage.world.say("DOWN");
  await stage.world.pass(9 * MINUTE, 10 * SECOND);
  expect(await stage.world.incidents.list()).toEqual([]);
  expect(stage.world.did).toEqual([]);
  await stage.world.pass(3 * MINUTE, 10 * SECOND);
  const found = await stage.world.only();
  expect(found.timeline.map(({ text }) => text)).toContain("held back by sil-1");
  expect(stage.world.did.map(({ what }) => what)[0]).toBe("restart api");
});

test("what recovers while it is silenced was nothing, and a silence of another check hides nothing", async () => {
  await stage.start();
  await silence({ for: 10 * MINUTE, check: "staging/api/health" });
  await stage.world.say("DOWN");
  await stage.world.pass(MINUTE, 10 * SECOND);
  await stage.world.say("UP");
  await stage.world.pass(15 * MINUTE, 30 * SECOND);
  expect(await stage.world.incidents.list()).toEqual([]);
  await stage.world.say("DOWN", { checkId: "staging/api/process", class: "process-gone" });
  expect(await stage.world.only()).toMatchObject({ service: "api" });
});

test("results count as maintenance in a window of the manifest and in a maintenance silence, not in a plain one", async () => {
  await stage.start({
    maintenance: { disks: { cron: "0 2 * * *", duration: HOUR, zone: "UTC", service: "api" } },
  });
  const day = Date.parse("2026-03-01T00:00:00Z");
  const { silences } = stage.world;
  expect([1.5, 2, 2.9, 3].map((hours) => silences.inMaintenance("staging/api/health", day + hours * HOUR))).toEqual([
    ...[false, true, true, false],
  ]);
  const now = stage.world.clock.now();
  await silence({ for: HOUR });
  expect(silences.inMaintenance("staging/api/health", now)).toBe(false);
});

test("an incident that stands for others is as severe as the gravest of them", async () => {
  await stage.start();
  for (const service of ["web", "worker", "mail"]) await stage.world.grant(service);
  for (const service of ["web", "worker", "mail", "search"]) {
    const slow = { class: "slow", family: "latency", critical: service === "search" } as const;
    await stage.world.say("DEGRADED", { checkId: `staging/${service}/health`, service, ...slow });
    await stage.world.pass(SECOND);
  }
  const web = (await stage.world.incidents.list()).find(({ service }) => service === "web");
  const head = await stage.world.incidents.get(web?.id ?? "");
  expect(head?.storm?.members.map(({ service }) => service)).toContain("search");
  expect(head?.timeline.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^SEV3 → SEV2: search/));
});

test("services that fail together are one incident with a table, and who is left when it is over is told of alone", async () => {
  await stage.start();
  for (const service of ["web", "worker", "mail", "search"]) {
    await stage.world.say("DOWN", { checkId: `staging/${service}/health`, service, class: "assertion" });
    await stage.world.pass(SECOND);
  }
  const all = await stage.world.incidents.list();
  const head = all.find(({ service }) => service === "web");
  const found = await stage.world.incidents.get(head?.id ?? "");
  expect(found?.storm).toMatchObject({ cause: "class assertion" });
  expect(found?.storm?.members.map(({ service }) => service).sort()).toEqual(["mail", "search", "worker"]);
  expect(all.filter(({ flags }) => flags?.includes("suppressed"))).toHaveLength(3);
  await stage.world.outbox.drain();
  const opened = () => stage.world.messages.filter(({ kind }) => kind === "opened").map((m) => m.incident.service);
  expect(opened()).not.toContain("mail");
  expect(opened()).not.toContain("search");
  for (const service of ["web", "worker", "mail"])
    await stage.world.say("UP", { checkId: `staging/${service}/health`, service });
  await stage.world.pass(3 * MINUTE, 5 * SECOND);
  await stage.world.outbox.drain();
  expect(opened()).toContain("search");
  expect(opened()).not.toContain("mail");
});

test("one that fails and passes in turn is not resolved before it settles", async () => {
  await stage.start();
  const spec = { id: "staging/api/health", environment: "staging", service: "api" } as Parameters<
    typeof saveStates
  >[1][number]["spec"];
  const keep = (outcome: (index: number) => "ok" | "fail") =>
    saveStates(stage.store.db, [
      {
        spec,
        state: {
          ...newCheck,
          outcomes: Array.from({ length: 21 }, (_, index) => ({ at: index, outcome: outcome(index) })),
        },
      },
    ]);
  await stage.world.say("DOWN", { class: "assertion" });
  await keep((index) => (index % 2 === 0 ? "ok" : "fail"));
  await stage.world.say("UP");
  expect((await stage.world.only()).flags).toContain("flapping");
  await stage.world.pass(40 * MINUTE, 10 * SECOND);
  const flapping = await stage.world.only();
  expect(flapping.state).toBe("monitoring");
  expect(flapping.timeline.filter(({ kind }) => kind === "flapping")).toHaveLength(2);
  await keep(() => "ok");
  await stage.world.pass(3 * MINUTE, 10 * SECOND);
  expect(await stage.world.only()).toMatchObject({ state: "resolved" });
});
