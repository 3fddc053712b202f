import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import type { Platform } from "../../platforms/platform.ts";
import { takeLease } from "../../store/leases.ts";
import { insertRelease, keptReleases } from "../../store/releases.ts";
import { insertRollout, readJournal } from "../../store/rollouts.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import { openJournal } from "../journal.ts";
import { refuseRollback, schemaFacts } from "../migrations/ranges.ts";
import { localOnce, type MigrationLab, openMigrationLab, rolloutRow } from "../migrations/testing.ts";
import type { Run } from "../run.ts";
import { expand, migrateService } from "./expand.ts";

const KEY = { app: "shop", env: "test", service: "api" };
let lab: MigrationLab;
let asked: string[];
beforeEach(async () => {
  asked = [];
  lab = await openMigrationLab();
  await lab.write({ "migrations/1_users.sql": "create table users (id int primary key, name text);" });
});
afterEach(async () => await lab.close());

/** A rollout that has reached EXPANDED. */
async function running(
  release: string,
  {
    from = null,
    kind = "deploy",
    schema,
    rollout = `ro-${release}-${kind}`,
  }: {
    from?: string | null;
    kind?: "deploy" | "rollback";
    schema?: { min: number; max: number };
    rollout?: string;
  } = {},
): Promise<Run> {
  const { db } = lab.store;
  const api = {
    migrate: { tool: "sql", database: "${secret:OWNER}" },
    schema: schema ?? null,
    env: { DATABASE_URL: "postgres://app@nowhere/x" },
  };
  const services = { api: api as unknown as ReleasedService };
  await insertRelease(db, { app: "shop", name: release, configHash: release, services });
  const kept = (await keptReleases(db, "shop")).find(({ name }) => name === release);
  const row = await insertRollout(db, { ...rolloutRow, id: rollout, release });
  const lease = await takeLease(db, KEY, "test");
  if (!lease || !kept) throw new Error("no lease, or no release");
  const onChange = () => {};
  const redact = (text: string) => text;
  const platform = {
    id: "local",
    once: async ({ id: unit, argv, environment }, { signal }) => {
      asked.push(unit);
      return await localOnce(lab.folder)({ argv, environment, signal });
    },
  } as Partial<Platform> as Platform;
  const planned = { service: "api", action: "replace", fromRelease: from };
  return {
    dependencies: {
      ...{ app: "shop", store: lab.store, platform, clock: systemClock, onChange, redact },
      probe: async () => ({ ok: true, detail: "", body: null }),
      resolveEnvironment: async (_environment, _service, released) =>
        Object.fromEntries(
          Object.entries(released.env).map(([name, value]) => [name, value.replace("${secret:OWNER}", lab.url)]),
        ),
    },
    row,
    plan: { kind, fromRelease: from, services: [planned] } as unknown as Run["plan"],
    release: kept,
    lease,
    journal: await openJournal({ store: lab.store, lease, rolloutId: row.id, redact, onChange }),
    signal: AbortSignal.timeout(60_000),
    promoted: () => undefined,
    lost: new Set(),
  };
}

describe("EXPANDED", () => {
  test("migrates with the address of the manifest, notes where the schema stands, and is not repeated", async () => {
    const run = await running("r1");
    expect(await expand(run)).toBe("STARTED");
    const outcome = (await readJournal(lab.store.db, run.row.id)).find(({ phase }) => phase === "outcome");
    expect(outcome).toMatchObject({ key: "expand:api", payload: { applied: ["1_users"], position: 1, newest: 1 } });
    expect(asked.every((unit) => unit.startsWith("ro-r1-deploy-api-look-"))).toBe(true);
    expect(new Set(asked).size).toBe(asked.length);
    asked = [];
    expect(await expand(run)).toBe("STARTED");
    expect(asked).toEqual([]);
  });

  test("a failure is the rollout's failure; the next rollout tries again", async () => {
    await expand(await running("r1"));
    await lab.write({ "migrations/2_bad.sql": "alter table users rename column name to title;" });
    const second = await running("r2", { from: "r1" });
    await expect(expand(second)).rejects.toMatchObject({ code: "SM-MIGRATION-UNSAFE" });
    await lab.write({ "migrations/2_bad.sql": "alter table users add column title text;" });
    expect(await expand(await running("r3", { from: "r1" }))).toBe("STARTED");
  });

  test("a platform without such a thing is refused", async () => {
    const run = await running("r1");
    const platform = { ...run.dependencies.platform, once: undefined };
    await expect(expand({ ...run, dependencies: { ...run.dependencies, platform } })).rejects.toMatchObject({
      code: "SM-MIGRATION-PLATFORM",
    });
  });
});

describe("a rollback", () => {
  /** r1 at 1, r2 at 2, and r3 brings a contract migration along, which waits. */
  async function contracted(): Promise<void> {
    await expand(await running("r1"));
    await lab.write({ "migrations/2_title.sql": "alter table users add column title text;" });
    await expand(await running("r2", { from: "r1" }));
    await lab.write({ "migrations/3_name.contract.sql": "alter table users drop column name;" });
    await expand(await running("r3", { from: "r2" }));
  }

  test("within what the schema allows passes, and runs nothing", async () => {
    await contracted();
    asked = [];
    expect(await expand(await running("r1", { from: "r3", kind: "rollback" }))).toBe("STARTED");
    expect(asked).toEqual([]);
  });

  test("across a contract migration is refused, and names where one can go", async () => {
    await contracted();
    await expand(await running("r4", { from: "r3" }));
    const contracting = await running("r4", { from: "r4", rollout: "ro-contract" });
    await migrateService(contracting, "api", "contract");
    const kept = await keptReleases(lab.store.db, "shop");
    expect(await schemaFacts(lab.store.db, KEY, kept)).toEqual({
      position: 3,
      releases: [
        { name: "r4", range: { min: 2, max: null } },
        { name: "r3", range: { min: 2, max: null } },
        { name: "r2", range: { min: 2, max: 2 } },
        { name: "r1", range: { min: 1, max: 2 } },
      ],
    });
    await expect(expand(await running("r2", { from: "r4", kind: "rollback" }))).rejects.toMatchObject({
      code: "SM-ROLLBACK-SCHEMA",
      message: "api: the schema is at position 3, and r2 runs on 2 only",
      next: expect.stringContaining("stationmaster rollback test --to r3"),
    });
    const to = (wanted: string) =>
      refuseRollback(lab.store.db, { app: "shop", env: "test", wanted, running: "r4" }, kept);
    await expect(to("r1")).rejects.toMatchObject({ code: "SM-ROLLBACK-SCHEMA" });
    await to("r3");
  });
});
