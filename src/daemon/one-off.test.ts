import { afterEach, expect, test, vi } from "vitest";
import { type Lab, openLab, service } from "../../test/lab/lab.ts";
import { kill } from "../../test/lab/processes.ts";
import { until } from "../../test/lab/until.ts";
import { verdict } from "../incidents/testing.ts";
import { sql } from "../store/drizzle.ts";
import { openEngine } from "./engine.ts";
import { openOneOff } from "./one-off.ts";
import { createParts } from "./parts.ts";
import { findPlace } from "./place.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let lab: Lab;
afterEach(async () => {
  vi.unstubAllEnvs();
  await lab.close();
});

test("one command puts messages down and neither sends nor drops any; it needs no secret of a channel", async () => {
  lab = await openLab({
    manifest: {
      notify: { ops: { kind: "webhook", url: "${secret:LAB_HOOK_THAT_NOBODY_SET}" } },
      remedies: { app: { mode: "propose" } },
    },
  });
  vi.stubEnv("DATABASE_URL", lab.env.DATABASE_URL ?? "");
  const place = findPlace({ config: `${lab.root}/stationmaster.yaml`, state: lab.state }, {});
  const engine = await openEngine(place);
  try {
    const parts = await createParts(engine, { sends: false, baseUrl: () => null, print: () => {}, report: () => {} });
    const at = Date.now();
    const where = { checkId: "local/app/health", environment: "local", service: "app" };
    await parts.incidents.handle(verdict("DOWN", { ...where, at, onset: at - 60_000 }));
    await parts.incidents.tick();
    await parts.incidents.close();
    const oneOff = await openOneOff(place);
    const [incident] = await oneOff.usecases.incidents({ state: "open", limit: 1 });
    await oneOff.usecases.acknowledge(incident?.id ?? "", "cli:test");
    await oneOff.close();
    const { rows } = await engine.store.db.execute(
      sql`select channel, state, message->>'kind' as kind from outbox order by id`,
    );
    expect(rows[0]).toEqual({ channel: "ops", state: "pending", kind: "opened" });
    expect(rows.at(-1)).toEqual({ channel: "ops", state: "pending", kind: "acknowledged" });
  } finally {
    await engine.close();
  }
});

test("a rollout that a crash left is finished by the next command, which says where it is", async () => {
  lab = await openLab({ services: { app: service() }, strategy: { bake: "3s" } });
  const deploy = lab.start(["deploy", "local", "--yes"]);
  await until("the bake", () => deploy.said().includes("BAKING"), 60_000);
  kill(deploy.child.pid ?? 0, "SIGKILL");
  await deploy.done;
  const { code, stderr } = await lab.run(["deploy", "local", "--plan"]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/in BAKING: finishing it first[\s\S]*→ DRAINED[\s\S]*ended SUCCEEDED/);
});
