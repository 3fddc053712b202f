import { afterEach, beforeEach, expect, test } from "vitest";
import { insertRelease, keptReleases } from "../../store/releases.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import { migrate } from "./migrate.ts";
import { planContractRollout, planMigrations } from "./plan.ts";
import { FIRST, type MigrationLab, openMigrationLab } from "./testing.ts";
import type { MigrateSettings } from "./types.ts";

const SQL: MigrateSettings = { tool: "sql" };
let lab: MigrationLab;
beforeEach(async () => {
  lab = await openMigrationLab();
  await lab.write({ "migrations/1_users.sql": "create table users (id int primary key, name text);" });
  await migrate(lab.work(SQL), "expand", FIRST);
  await lab.write({
    "migrations/2_title.sql": "alter table users add column title text;\nupdate users set title = name;",
    "migrations/3_name.contract.sql": "alter table users drop column name;",
  });
});
afterEach(async () => await lab.close());

test("a plan shows what would run, what waits, and what is wrong with it, and changes nothing", async () => {
  const plan = await planMigrations(lab.work(SQL), { serving: true });
  expect(plan).toMatchObject({
    planned: [
      { service: "api", tool: "sql", kind: "expand", pending: ["2_title"], findings: [{ rule: "table-wide-write" }] },
      { service: "api", tool: "sql", kind: "contract", pending: ["3_name.contract"], findings: [] },
    ],
    checksums: [{ id: "2_title", checksum: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    position: 2,
  });
  expect(await lab.query("select id from stationmaster_migration")).toEqual([{ id: "1_users" }]);
});

test("a contract rollout names the releases it ends", async () => {
  const { db } = lab.store;
  for (const [name, schema] of [
    ["r1", { min: 1, max: 2 }],
    ["r2", { min: 2, max: 3 }],
  ] as const)
    await insertRelease(db, {
      ...{ app: "shop", name, configHash: name },
      services: { api: { schema } as unknown as ReleasedService },
    });
  const kept = await keptReleases(db, "shop");
  const place = { kept, running: ["r2"], last: "SUCCEEDED" } as const;
  await expect(planContractRollout(lab.work(SQL), place)).rejects.toMatchObject({ code: "SM-MIGRATION-ORDER" });
  await migrate(lab.work(SQL), "expand", { ...FIRST, allowUnsafe: true });
  expect(await planContractRollout(lab.work(SQL), place)).toEqual({
    migrations: ["3_name.contract"],
    position: 3,
    ends: ["r1"],
  });
  await expect(planContractRollout(lab.work(SQL), { ...place, running: ["r1"] })).rejects.toMatchObject({
    code: "SM-CONTRACT-RUNNING",
  });
  await migrate(lab.work(SQL), "contract", FIRST);
  expect(await planContractRollout(lab.work(SQL), place)).toBeUndefined();
});
