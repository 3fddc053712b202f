import { afterAll, beforeAll, expect, test } from "vitest";
import { service } from "../../test/lab/lab.ts";
import { readLogs } from "../daemon/service-logs.ts";
import { listRollouts } from "../store/rollouts.ts";
import { liveUnits } from "../store/units.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

/** NUL, the bytes of half a surrogate pair, and a character that lies across the end of the longest line. */
const BINARY = `
process.stdout.write("hello \\0 binary\\n");
process.stdout.write(Buffer.from([0x68, 0xed, 0xa0, 0x80, 0x0a]));
process.stdout.write("x".repeat(7_999) + "💩 cut\\n", () => process.exit(1));
`;

let lab: DeployLab;
beforeAll(async () => {
  lab = await openDeployLab({ services: { app: service({ start: ["${NODE}", "binary.mjs"] }) } });
  lab.write("binary.mjs", BINARY);
});
afterAll(() => lab.close());

const place = { app: "lab", env: "local" };

test("a service that dies with binary output fails its rollout at the first attempt, and the output is kept", async () => {
  const ended = await lab.ship();
  expect(ended).toMatchObject({ state: "FAILED", failure: { code: "SM-UNIT-DIED", service: "app" } });
  const [first, second, third] = ended.failure?.logs ?? [];
  expect(first).toBe("hello � binary");
  expect(second).toMatch(/^h�+$/);
  expect(third).toBe(`${"x".repeat(7_999)}…`);
  const lines = await readLogs(lab.engine, { service: "app", release: ended.release, lines: 10 });
  expect(lines[0]).toMatchObject({
    ...{ text: "hello � binary", release: ended.release, ended: true },
    ...{ endedAt: expect.any(String), exit: { code: 1, signal: null } },
  });
  expect(await lab.deployer.abandoned("local")).toEqual([]);
  expect(await liveUnits(lab.engine.store.db, place)).toEqual([]);
});

test("a failure that the database refuses to store ends its rollout all the same", async () => {
  const careless = lab.another({ redact: (text) => text });
  const { id } = await careless.begin(await lab.plan({ release: "careless" }));
  expect(await careless.run(id)).toMatchObject({
    state: "FAILED",
    failure: { code: "SM-UNIT-DIED", service: "app", logs: [], next: expect.stringContaining("logs app") },
  });
  const rollouts = await listRollouts(lab.engine.store.db, { ...place, limit: 10 });
  expect(rollouts.map(({ state }) => state)).toEqual(["FAILED", "FAILED"]);
});
