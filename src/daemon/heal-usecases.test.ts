import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { type Lab, openLab, service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import type { HealingPlan } from "../contract/healing.ts";
import type { Incident, IncidentSummary } from "../contract/incident.ts";

// The daemon is a process of its own; a busy machine makes it slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let lab: Lab;
afterEach(() => lab.close());

test("a protected environment proposes; the plan is printed, a person orders it, and the service is well again", async () => {
  lab = await openLab({
    services: { app: service() },
    manifest: { environments: { local: { platform: "local", protected: true } } },
  });
  const daemon = lab.start(["up", "--port", "0"]);
  await until("the daemon", () => daemon.said().includes("ready: "), 60_000);
  const { url } = JSON.parse(readFileSync(join(lab.state, "daemon.json"), "utf8"));
  const ask = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000) })).json()) as T;
  const { services } = await ask<{ services: { replicas: { pid: number }[] }[] }>("/api/status");
  process.kill(services[0]?.replicas[0]?.pid ?? 0, "SIGKILL");
  const { id } = await until(
    "the proposal",
    async () => {
      const { incidents } = await ask<{ incidents: IncidentSummary[] }>("/api/incidents");
      return incidents.find(({ actions }) => actions.some(({ outcome }) => outcome === "proposed"));
    },
    60_000,
  );
  const plan: HealingPlan = JSON.parse((await lab.run(["heal", id, "--json"])).stdout);
  expect(plan).toMatchObject({
    mode: "propose",
    phase: "proposed",
    next: { name: "restart of app (1 of 2)" },
    veto: null,
  });
  expect((await lab.run(["heal", id])).stdout).toContain("next     restart of app (1 of 2)");
  const ordered = await lab.run(["heal", id, "--now", "--yes"]);
  expect(ordered).toMatchObject({ code: 0, stdout: `${id}: app was restarted\n` });
  const healed = await until(
    "the recovery",
    async () => {
      const incident = await ask<Incident>(`/api/incidents/${id}`);
      return incident.state === "monitoring" || incident.state === "resolved" ? incident : undefined;
    },
    60_000,
  );
  expect(healed).toMatchObject({ restartsLeft: 2, actions: [{ remedy: "restart", outcome: "skipped" }] });
  expect(healed.evidence).toMatchObject({
    processes: [expect.stringMatching(/^app\S* \S+ was ended by SIGKILL, pid \d+$/)],
    environmentHash: expect.stringMatching(/^[0-9a-f]+$/),
    missing: [],
  });
  expect((await lab.run(["heal"])).stderr).toMatch(/^error SM-USAGE: missing argument 'incident'/);
  expect((await lab.run(["heal", "--figures"])).stdout).toMatch(/^nothing was healed since /);
  daemon.child.kill("SIGINT");
  expect(await daemon.done).toMatchObject({ code: 0 });
});
