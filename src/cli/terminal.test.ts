import { afterEach, expect, test, vi } from "vitest";
import { type Lab, openLab, service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import type { Incident, IncidentSummary } from "../contract/incident.ts";

// The daemon is a process of its own; a busy machine makes it slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let lab: Lab;
afterEach(() => lab.close());

/** While the file `die` is there, each process dies a second after its start. */
const DIES = `
import { existsSync } from "node:fs";
const started = performance.now();
setInterval(() => {
  if (existsSync(process.env.LAB_ROOT + "/die") && performance.now() - started > 1_000) process.exit(3);
}, 100);
await import("./app.mjs");
`;

async function json<T>(...args: string[]): Promise<T> {
  return JSON.parse((await lab.run([...args, "--json"])).stdout) as T;
}

test("the terminal of up: ready at the end, rollouts of others, and a service that dies again and again", async () => {
  lab = await openLab({ services: { app: service({ start: ["${NODE}", "dies.mjs"] }) } });
  lab.write("dies.mjs", DIES);
  const daemon = lab.start(["up", "--port", "0"]);
  await until("the daemon", () => daemon.said().includes("ready: "), 60_000);
  expect(daemon.said().lastIndexOf("→ SUCCEEDED")).toBeGreaterThan(0);

  expect((await lab.deploy()).code).toBe(0);
  lab.manifest({ services: { app: service({ start: ["${NODE}", "dies.mjs"], env: { A: "2" } }) } });
  await lab.deploy("--release", "r9");
  expect(daemon.said()).toMatch(/→ deploy r9 by \S+ begins\n/);
  expect(daemon.said()).toMatch(/→ deploy r9 by \S+: SUCCEEDED\n/);
  expect(daemon.said()).not.toContain("SM-DEPLOY-NOTHING");

  lab.write("die", "");
  const given = await until(
    "the person who is called",
    async () => (await json<{ incidents: IncidentSummary[] }>("incidents")).incidents.find((item) => item.escalated),
    120_000,
  );
  expect(given.symptom).toBe("process gone");
  const { timeline } = await json<Incident>("incidents", given.id);
  // Between two deaths all checks may pass once: then the restart worked, and it failed again.
  const said = timeline.map(({ text }) => text).join("\n");
  expect(said).toMatch(/restart of app \(1 of 2\) (did not help: .*ended \(exit 3\)|worked: .*\nfailed again: )/);
  expect(said).toMatch(/a person is needed: (restart of app \(2 of 2\) did not help: |failed again: app process gone)/);
  expect(daemon.said()).toMatch(/restart of app \(1 of 2\) (did not help|worked)/);
  expect(daemon.said()).toContain("restart of app (2 of 2) begins");
  expect((await lab.run(["incidents", given.id])).stdout).toMatch(/ {2}.*last exit code 3/);

  const status = lab.start(["status"]);
  status.child.stdout?.destroy();
  expect(await status.done).toMatchObject({ code: 0, stderr: "" });
  daemon.child.kill("SIGINT");
  expect((await daemon.done).code).toBe(0);
  expect((await lab.run(["down"])).stdout).toMatch(/^nothing was running; data stays in /);
});
