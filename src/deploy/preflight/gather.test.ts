import { afterEach, expect, test, vi } from "vitest";
import { service } from "../../../test/lab/lab.ts";
import { insertApproval } from "../../store/approvals.ts";
import { removeReleases } from "../../store/releases.ts";
import { type DeployLab, openDeployLab } from "../testing.ts";
import type { PreflightSources } from "./gather.ts";
import { preflight } from "./preflight.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let lab: DeployLab;
afterEach(async () => await lab.close());

const LOCAL = { platform: "local", strategy: { kind: "blue-green", bake: "500ms" }, require: ["migrations-tested"] };

/** The rows of what lies on disk now, as `ok item: evidence`. */
async function rows(change: Partial<PreflightSources> = {}): Promise<string[]> {
  const { engine } = lab;
  const sources: PreflightSources = {
    ...{ manifest: lab.sources().manifest, store: engine.store, platform: engine.platform, now: Date.now() },
    hasSecret: (name) => name === "TOKEN",
    openSev1: async () => [],
    signal: AbortSignal.timeout(30_000),
    ...change,
  };
  const found = await preflight(sources, await lab.plan());
  return found.map(({ ok, item, evidence }) => `${ok ? "ok" : "no"} ${item}: ${evidence}`);
}

test("facts come from the store, the files and whoever is asked", async () => {
  const migrate = { tool: "command", command: ["true"] };
  const manifest = { environments: { local: LOCAL } };
  lab = await openDeployLab({ services: { app: service({ env: { LOG_LEVEL: "info" } }) }, manifest });
  lab.write(".env.example", "TOKEN=\nLOG_LEVEL=info\nDATABASE_URL=postgres://example\n");
  expect(await rows()).toEqual([
    "ok migrations-tested: no migration is pending",
    "ok rollback-plan: first deploy",
    "no env-complete: not set: DATABASE_URL of .env.example",
    "ok incident: no open SEV1",
  ]);
  await lab.ship();
  expect(await rows()).toEqual([]);
  lab.manifest({
    services: { app: service({ migrate, env: { LOG_LEVEL: "info", DATABASE_URL: "x" } }) },
    manifest,
  });
  const platform = Object.create(lab.engine.platform, {
    facts: { value: async () => [{ item: "clock", ok: false, evidence: "b is 3 s ahead", next: "start its clock" }] },
  });
  expect(await rows({ platform, openSev1: async () => [{ id: "inc-1", text: "app: down" }] })).toEqual([
    "no migrations-tested: it is not known which migrations are pending",
    "ok rollback-plan: back to r1",
    "ok env-complete: all of .env.example is set",
    "no incident: app: down (inc-1)",
    "no clock: b is 3 s ahead",
  ]);
  await insertApproval(lab.engine.store.db, {
    ...{ id: "ap-1", app: "lab", env: "local", release: "r2", what: "migrations-tested", who: "stationmaster" },
    evidence: { checksums: { "001.sql": "c1", "002.sql": "c2", broken: 7 } },
  });
  const migrations = [{ service: "app", checksums: ["c1", "c2"], position: 2, unsafe: ["drop"] }];
  await removeReleases(lab.engine.store.db, "lab", ["none"]);
  expect(await rows({ migrations })).toEqual([
    "no migrations-safe: app: drop",
    expect.stringMatching(/^ok migrations-tested: stationmaster vouched for r2/),
    "no rollback-plan: no release to go back to is kept",
    "ok env-complete: all of .env.example is set",
    "no backup: nobody vouched",
    "ok incident: no open SEV1",
  ]);
});
