import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { sql } from "../store/drizzle.ts";
import { tidyUp } from "./upkeep.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let lab: DeployLab;
beforeAll(async () => {
  lab = await openDeployLab();
});
afterAll(() => lab.close());

test("what cannot be tidied keeps nobody from hearing of a broken audit", async () => {
  const { engine } = lab;
  await engine.audit({ actor: "alice", action: "test", subject: "x", detail: {} });
  for (const statement of [
    "ALTER TABLE ledger DISABLE TRIGGER ledger_append_only",
    "UPDATE ledger SET actor = 'mallory'",
    "CREATE OR REPLACE FUNCTION tidy_now() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no time'; END $$",
  ])
    await engine.store.db.execute(sql.raw(statement));
  const said: string[] = [];
  await expect(tidyUp(engine, (line) => said.push(line), new AbortController().signal)).rejects.toMatchObject({
    cause: expect.objectContaining({ message: "no time" }),
  });
  expect(said).toEqual([expect.stringContaining("the audit is broken")]);
});
