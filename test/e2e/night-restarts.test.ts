import { once } from "node:events";
import { type AddressInfo, createServer as createTcp } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type RunningDaemon, startDaemon } from "../lab/daemon.ts";
import { type Lab, openLab } from "../lab/lab.ts";
import { type Night, nightService, openNight } from "../lab/night.ts";
import { type Outside, openOutside } from "../lab/outside.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 });

const SCHEMA = "night";

interface Stand {
  id: string;
  state: string;
  phase: string;
  flapping: boolean;
  suppressed: boolean;
}

let lab: Lab;
let night: Night;
let outside: Outside;
let daemon: RunningDaemon;
let store: pg.Client;
let portNumber: number;
const port = createTcp((socket) => socket.end());
/** The incidents by what they are about, as they stood when the daemon was killed. */
const before = new Map<string, Stand>();

async function listen(at = 0): Promise<void> {
  port.listen(at, "127.0.0.1");
  await once(port, "listening");
  portNumber = (port.address() as AddressInfo).port;
}

beforeAll(async () => {
  outside = await openOutside();
  await listen();
  const asked = (name: string, more = {}) => [
    name,
    { url: outside.target(name), every: "1s", critical: true, ...more },
  ];
  const services = Object.fromEntries(["acting", "verifying", "proposed"].map((name) => [name, nightService(name)]));
  lab = await openLab({
    services,
    manifest: {
      checks: {
        // What is dead is started with the daemon; these live, and do not work.
        verified: { service: "verifying", url: "${service:verifying}/work", every: "1s" },
        planned: { service: "proposed", url: "${service:proposed}/work", every: "1s" },
        opened: { tcp: `127.0.0.1:${portNumber}`, every: "1s", critical: true },
        held: {
          url: outside.target("held"),
          every: "1s",
          critical: true,
          depends_on: ["opened"],
          expect: { status: 200 },
        },
        ...Object.fromEntries([
          asked("monitored"),
          asked("resolved"),
          // Without confirmation each failure is an outage, which three runs end.
          asked("flapping", { recheck: 0, critical: false }),
          // Its confirmation takes some 20 seconds.
          asked("suspected", { every: "5s", recheck: 3 }),
        ]),
      },
      remedies: { proposed: { mode: "propose" } },
      notify: { hook: { kind: "webhook", url: outside.hook("hook") } },
    },
    command: { env: { STATIONMASTER_SCHEMA: SCHEMA } },
  });
  night = openNight(lab);
  daemon = await startDaemon(lab);
  store = new pg.Client({ connectionString: lab.env.DATABASE_URL });
  await store.connect();
});
afterAll(async () => {
  await store.end();
  await lab.close();
  outside.close();
  port.close();
});

/** The incident of a service, or of the check of that name; suspicions too, which no door shows. */
async function standOf(name: string): Promise<Stand | undefined> {
  const { rows } = await store.query<Stand>(
    `select id, state, healing->>'phase' as phase, flapping is not null as flapping, suppressed is not null as suppressed from ${SCHEMA}.incident
     where service = $1 or members ? ('local/check/' || $1) order by opened_at desc limit 1`,
    [name],
  );
  return rows[0];
}

const stands = (name: string, wanted: Partial<Stand>, ms = 60_000) =>
  until(
    `${name} ${JSON.stringify(wanted)}`,
    async () => {
      const stand = await standOf(name);
      const is = Object.entries(wanted).every(([key, value]) => stand?.[key as keyof Stand] === value);
      return is && stand;
    },
    ms,
  );

const told = (name: string) => outside.told("hook", before.get(name)?.id ?? "none").map(({ kind }) => kind);

// No more than two fail in the same way: three would be told of as one.
test("each state there is, at the same time", async () => {
  outside.alternating.add("flapping");
  outside.failing.set("resolved", 404);
  port.close();
  night.signal("broken", "proposed");
  await stands("opened", { state: "open" });
  outside.failing.set("held", 204);
  await stands("held", { state: "suspect", suppressed: true });
  await stands("resolved", { state: "open", phase: "done" });
  outside.failing.delete("resolved");
  await stands("resolved", { state: "resolved" });
  outside.failing.set("monitored", 429);
  await stands("monitored", { state: "open", phase: "done" });
  outside.failing.delete("monitored");
  await stands("monitored", { state: "monitoring" });

  night.signal("broken", "verifying");
  await stands("verified", { state: "healing", phase: "verifying" });
  night.signal("hold", "acting");
  outside.failing.set("suspected", 404);
  await night.killService("acting");
  await stands("acting", { state: "healing", phase: "acting" });
  await until("the process of its restart", () => night.starts("acting") === 2);
  await stands("suspected", { state: "suspect" });
  await stands("flapping", { flapping: true });
  await daemon.crash();

  for (const [name, wanted] of [
    ["suspected", { state: "suspect" }],
    ["opened", { state: "open" }],
    ["acting", { state: "healing", phase: "acting" }],
    ["verified", { state: "healing", phase: "verifying" }],
    ["planned", { state: "open", phase: "proposed" }],
    ["monitored", { state: "monitoring" }],
    ["resolved", { state: "resolved" }],
    ["flapping", { flapping: true }],
    ["held", { state: "suspect", suppressed: true }],
  ] as const) {
    const stand = await standOf(name);
    expect(stand, name).toMatchObject(wanted);
    if (stand) before.set(name, stand);
  }
});

test("killed and started again: the same incidents go on", async () => {
  night.calm("hold", "acting");
  // The second restart of this one shows at once that it does not help either.
  night.signal("die", "verifying");
  outside.failing.set("resolved", 404);
  daemon = await startDaemon(lab);

  expect(await standOf("held")).toMatchObject({ state: "suspect", suppressed: true });
  expect(await standOf("planned")).toMatchObject({ state: "open", phase: "proposed" });
  expect(night.starts("proposed")).toBe(1);
  night.calm("broken", "proposed");
  await night.ask("approve", before.get("planned")?.id ?? "");
  await stands("acting", { state: "monitoring" });
  const acting = await night.incident(before.get("acting")?.id ?? "");
  expect(acting.actions).toMatchObject([{ remedy: "restart", outcome: "succeeded" }]);
  expect(acting.restartsLeft).toBe(1);
  await stands("resolved", { state: "open" });
  expect(await night.incident(before.get("resolved")?.id ?? "")).toMatchObject({ occurrence: 2 });
  outside.failing.delete("resolved");
  await stands("planned", { state: "monitoring" });
  await stands("suspected", { state: "open" });

  const lost = await until("a person is called", async () => {
    const now = await night.incident(before.get("verified")?.id ?? "");
    return now.escalated && now;
  });
  const outcomes = lost.actions.filter(({ remedy }) => remedy === "restart").map(({ outcome }) => outcome);
  expect(outcomes).toEqual(["failed", "failed"]);
  expect(night.starts("verifying")).toBe(3);
});

test("they come to their end, and nobody was told anything twice", async () => {
  expect(told("held")).toEqual([]);
  await listen(portNumber);
  // What it depends on is well again, and it still fails.
  await stands("held", { state: "open", suppressed: false });
  outside.failing.clear();
  outside.alternating.clear();
  night.calm("die", "verifying");
  night.calm("broken", "verifying");
  expect((await lab.run(["restart", "verifying", "--yes"])).code).toBe(0);
  for (const [name, { id }] of before) {
    // That of the slower check would take another minute of quiet.
    const end = await stands(name, { state: name === "suspected" ? "monitoring" : "resolved" }, 120_000);
    expect(end.id, name).toBe(id);
  }
  for (const name of ["verified", "held"])
    await until("the last message", () => told(name).includes("resolved"), 90_000);
  expect(told("suspected")).toEqual(["opened", "recovering"]);
  expect(told("opened")).toEqual(["opened", "recovering", "resolved"]);
  expect(told("acting")).toEqual(["opened", "recovering", "resolved"]);
  expect(told("held")).toEqual(["opened", "recovering", "resolved"]);
  // The call takes the place of the news that it opened, where that still waits (30 s for SEV2).
  const verified = told("verified");
  expect(verified.slice(verified[0] === "opened" ? 1 : 0)).toEqual(["escalated", "recovering", "resolved"]);
  expect(told("planned")).toEqual(["opened", "proposal", "recovering", "resolved"]);
  expect(told("monitored")).toEqual(["opened", "recovering", "resolved"]);
  expect(told("resolved")).toEqual(["opened", "recovering", "resolved", "reopened", "recovering", "resolved"]);
  expect(told("flapping").filter((kind) => kind === "opened").length).toBeLessThanOrEqual(1);
  const all = outside.told("hook").map(({ incident, event, turn = 0 }) => `${incident.id} ${event} ${turn}`);
  expect(new Set(all).size).toBe(all.length);
  // Once by the restart that was cut off; `up` starts what it finds missing.
  expect(night.starts("acting")).toBeLessThanOrEqual(3);
});

test("killed once more while one waits for its review and another's evidence is gathered: both go on", async () => {
  const [reviewed, gathered] = [before.get("opened")?.id, before.get("planned")?.id];
  // What half an hour of quiet comes to.
  await store.query(`update ${SCHEMA}.incident set resolved_at = resolved_at - interval '31 minutes' where id = $1`, [
    reviewed,
  ]);
  await stands("opened", { state: "review" });
  // What the evidence is read from.
  await store.query(`begin; lock table ${SCHEMA}.release in access exclusive mode`);
  night.signal("broken", "proposed");
  await stands("planned", { state: "open", phase: "evidence" });
  await daemon.crash();
  await store.query("rollback");
  const already = await evidenceOf(gathered);

  daemon = await startDaemon(lab);
  expect(await standOf("opened")).toMatchObject({ id: reviewed, state: "review" });
  await until("the evidence", async () => (await evidenceOf(gathered)) > already);
  night.calm("broken", "proposed");

  // What fails during its review is another incident.
  port.close();
  const next = await stands("opened", { state: "open" });
  expect(next.id).not.toBe(reviewed);
  await listen(portNumber);
  await night.ask("incidents", "close", reviewed ?? "", "--note", "the port was closed");
  expect(await night.incident(reviewed ?? "")).toMatchObject({ state: "closed" });
  await stands("planned", { id: gathered, state: "resolved" });
  expect(await evidenceOf(gathered)).toBe(already + 1);
});

async function evidenceOf(id: string | undefined): Promise<number> {
  const kept = `select 1 from ${SCHEMA}.incident_event where incident_id = $1 and kind = 'evidence'`;
  return (await store.query(kept, [id])).rowCount ?? 0;
}
