import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { type Lab, openLab, service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import type { Incident, IncidentSummary } from "../contract/incident.ts";

// The daemon is a process of its own; a busy machine makes it slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let lab: Lab;
afterEach(() => lab.close());

/** Dies once, when the file `die` is there, with what no database takes as its last words. */
const DIES = `
import { rmSync, existsSync } from "node:fs";
const order = process.env.LAB_ROOT + "/die";
setInterval(() => {
  if (!existsSync(order)) return;
  rmSync(order);
  process.stdout.write("hello \\0 binary\\n");
  process.stdout.write(Buffer.from([0x68, 0xed, 0xa0, 0x80, 0x0a]));
  process.stdout.write("x".repeat(1_999) + "💩 cut\\n", () => process.exit(1));
}, 100);
await import("./app.mjs");
`;

test("a service that dies with binary output: what it said is kept, and it is healed", async () => {
  lab = await openLab({ services: { app: service({ start: ["${NODE}", "dies.mjs"] }) } });
  lab.write("dies.mjs", DIES);
  const daemon = lab.start(["up", "--port", "0"]);
  await until("the daemon", () => daemon.said().includes("ready: "), 60_000);
  const { url } = JSON.parse(readFileSync(join(lab.state, "daemon.json"), "utf8"));
  const ask = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000) })).json()) as T;
  lab.write("die", "");
  const healed = await until(
    "the healing",
    async () => {
      const { incidents } = await ask<{ incidents: IncidentSummary[] }>("/api/incidents");
      return incidents.find(({ actions }) => actions.some(({ outcome }) => outcome === "succeeded"));
    },
    90_000,
  );
  const incident = await ask<Incident>(`/api/incidents/${healed.id}`);
  expect(incident.evidence?.logs).toEqual(
    expect.arrayContaining(["hello � binary", expect.stringMatching(/^h�+$/), `${"x".repeat(1_999)}…`]),
  );
  expect(daemon.said()).not.toContain("the database refused");
  daemon.child.kill("SIGINT");
  expect(await daemon.done).toMatchObject({ code: 0 });
});
