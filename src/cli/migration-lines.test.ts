import { expect, test } from "vitest";
import { MigrationHistory, MigrationReport } from "../contract/migration.ts";
import { historyLines, reportLines } from "./migration-lines.ts";

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

test("what was run so far in lines", () => {
  const run = { service: "api", tool: "sql", kind: "expand", rollout: "ro-1", startedAt: "2026-03-01T10:00:00.000Z" };
  const history = MigrationHistory.parse({
    environment: "production",
    services: [
      { service: "api", tool: "sql", position: 3 },
      { service: "mail", tool: "alembic", position: null },
    ],
    runs: [
      { ...run, id: "4_note", position: 4, endedAt: null, outcome: null },
      { ...run, id: "3_name", position: 3, endedAt: run.startedAt, outcome: "done" },
    ],
    backfills: [],
  });
  const [api, mail, runs = ""] = historyLines(history);
  expect([api, mail]).toEqual(["api (sql): schema at position 3", "mail (alembic): nothing was run yet"]);
  expect(runs.split("\n").slice(1)).toEqual([
    expect.stringMatching(/^api +4_note +expand +4 +under way .* ro-1$/),
    expect.stringMatching(/^api +3_name +expand +3 +done .* ro-1$/),
  ]);
  expect(historyLines({ ...history, services: [] }).join(" ")).toContain("no service of production has migrations");
});
