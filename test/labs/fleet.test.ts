import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLogs } from "../../src/daemon/service-logs.ts";
import { readJournal } from "../../src/store/rollouts.ts";
import { type Fleet, openFleet } from "./fleet.ts";
import { missingHosts } from "./hosts.ts";

const missing = missingHosts({ registry: true });
if (missing) console.log(`skipped: rollouts on hosts: ${missing}`);

async function journalOf(fleet: Fleet, id: string) {
  return (await readJournal(fleet.engine.store.db, id))
    .map(
      ({ at, phase, key, payload }) =>
        `${at.toISOString().slice(14, 23)} ${phase} ${key} ${JSON.stringify(payload).slice(0, 200)}`,
    )
    .join("\n");
}

describe.skipIf(missing)("an application on two hosts", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await openFleet({ hosts: 2 });
  });
  afterAll(() => fleet.close());

  const releases = async () =>
    await Promise.all(
      fleet.machines.hosts.map(async ({ address }) =>
        (await fetch(`http://${address}/version`)).headers.get("x-release"),
      ),
    );

  test("first release, second release, and back", async () => {
    fleet.manifest(await fleet.image("r1"));
    const first = await fleet.ship();
    expect(first).toMatchObject({ state: "SUCCEEDED", reason: null });
    expect(await releases()).toEqual(["r1", "r1"]);
    fleet.manifest(await fleet.image("r2"));
    const second = await fleet.ship();
    if (process.env.SHOW) console.log(second.reason, second.failure, await journalOf(fleet, second.id));
    expect(second).toMatchObject({ state: "SUCCEEDED", reason: null });
    expect(await releases()).toEqual(["r2", "r2"]);
    expect(await fleet.goBack()).toMatchObject({ state: "SUCCEEDED" });
    expect(await releases()).toEqual(["r1", "r1"]);
  }, 180_000);

  test("the log of a release that died is kept although its containers are gone", async () => {
    const before = await fleet.containers();
    fleet.manifest(await fleet.image("dies", { NODE_OPTIONS: "--require=/nowhere" }));
    const row = await fleet.ship();
    expect(row).toMatchObject({
      state: "FAILED",
      reason: expect.stringMatching(/^SM-UNIT-DIED: app on h\d exited with code 1 /),
      failure: { logs: expect.arrayContaining([expect.stringMatching(/^Error: Cannot find module '\/nowhere'/)]) },
    });
    expect(await fleet.containers()).toEqual(before);
    const lines = await readLogs(fleet.engine, { service: "app", release: row.release, lines: 1_000 });
    const errors = lines.filter(({ text }) => text.startsWith("Error: Cannot find module"));
    expect(errors[0]).toMatchObject({ release: row.release, ended: true, endedAt: expect.any(String) });
    expect(new Set(errors.map(({ host, exit }) => `${host} ${exit?.code}`))).toEqual(new Set(["h1 1", "h2 1"]));
  }, 180_000);
});
