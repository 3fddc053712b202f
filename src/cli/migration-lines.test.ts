import { expect, test } from "vitest";
import { MigrationReport } from "../contract/migration.ts";
import { reportLines } from "./migration-lines.ts";

const REPORT = MigrationReport.parse({
  environment: "production",
  release: "r7",
  services: [
    { service: "api", tool: "sql", position: 4, safe: false, tested: true, evidence: "ran on a scratch database" },
  ],
  migrations: [
    {
      ...{ service: "api", tool: "sql", kind: "expand", pending: ["3_name", "4_note"] },
      findings: [{ rule: "rename", statement: "alter table users rename name to title", message: "use the old name" }],
    },
    { service: "api", tool: "sql", kind: "contract", pending: ["5_old"], findings: [] },
  ],
  backfills: [
    { service: "api", id: "4_fill", state: "running", rows: 3_000, batches: 2, note: null },
    { service: "api", id: "6_late", state: "waiting", rows: 0, batches: 0, note: null },
  ],
  recorded: true,
});

test("a report in lines", () => {
  expect(`\n${reportLines(REPORT).join("\n")}\n`).toBe(`
r7 in production
api: 2 migrations (sql, expand): 3_name, 4_note
  rename: use the old name
    alter table users rename name to title
api: 1 migration (sql, contract): 5_old
api: ran on a scratch database; schema at position 4 afterwards
api: backfill 4_fill runs in the daemon, 3000 rows in 2 batches
api: backfill 6_late waits until its release serves
contract: when no release that you may go back to needs the old schema:
  stationmaster contract api production
recorded: plans of this content know it (stationmaster deploy production --plan)
`);
  const none = { ...REPORT, services: [], migrations: [], backfills: [] };
  expect(reportLines(none)).toEqual([
    "no service of production has migrations: `migrate` in the manifest says how they",
    "are run",
  ]);
});
