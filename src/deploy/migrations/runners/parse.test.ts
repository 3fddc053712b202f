import { describe, expect, test } from "vitest";
import { numbered } from "../state.ts";
import type { MigrateSettings } from "../types.ts";
import { alembic } from "./alembic.ts";
import { django } from "./django.ts";
import { drizzle } from "./drizzle.ts";
import { flyway } from "./flyway.ts";
import { prisma } from "./prisma.ts";
import { rails } from "./rails.ts";
import { detectTool } from "./registry.ts";
import { kindOf, type Runner } from "./runner.ts";

const ok = (output: string) => ({ code: 0, output });
const shown = (runner: Runner, output: string, code = 0) =>
  numbered(runner.parse({ code, output }) ?? []).map(({ id, position, kind, applied }) => [
    id,
    position,
    kind,
    applied,
  ]);

describe("what the tools print", () => {
  test("Alembic: newest first, `current` stands for all it builds on", () => {
    const output = `INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.
d3 -> e4 (head), drop name [contract]
b2, c2 -> d3 (mergepoint), merge -> both (sides)
a1 -> b2 (current), add email
a1 -> c2, add phone
<base> -> a1 (branchpoint), create users
`;
    expect(shown(alembic, output)).toEqual([
      ["a1", 1, "expand", true],
      ["c2", 2, "expand", false],
      ["b2", 3, "expand", true],
      ["d3", 4, "expand", false],
      ["e4", 5, "contract", false],
    ]);
    expect(shown(alembic, "")).toEqual([]);
    expect(alembic.parse({ code: 1, output: "FAILED: No config file" })).toBeUndefined();
  });

  test("Django: the plan over all apps", () => {
    const output = "System check: 0 issues\n[X]  auth.0001_initial\n[ ]  shop.0001_initial ... (auth.0001_initial)\n";
    expect(shown(django, output)).toEqual([
      ["auth.0001_initial", 1, "expand", true],
      ["shop.0001_initial", 2, "expand", false],
    ]);
  });

  test("Rails: JSON among warnings", () => {
    const output = `warning: {odd}\n{"migrations":[["2","AddA"],["3","DropBSmContract"]],"applied":["1","2"]}\nDEPRECATION WARNING: }\n`;
    expect(shown(rails, output)).toEqual([
      ["2", 1, "expand", true],
      ["3", 2, "contract", false],
    ]);
  });

  test("Flyway: versions by their numbers, repeatable ones without a place", () => {
    const row = (category: string, version: string, description: string, state: string) => ({
      ...{ category, version, description, state, type: "SQL", executionTime: 0 },
    });
    const rows = [
      row("Versioned", "1", "init", "Success"),
      row("Repeatable", "", "view", "Superseded"),
      row("Repeatable", "", "view", "Outdated"),
      row("Versioned", "10", "drop x sm contract", "Pending"),
      row("Versioned", "2.1", "add x", "Out of Order"),
    ];
    expect(
      shown(flyway, `Picked up JAVA_TOOL_OPTIONS: -Xmx1g\n${JSON.stringify({ migrations: rows }, null, 2)}`),
    ).toEqual([
      ["1", 1, "expand", true],
      ["2.1", 2, "expand", true],
      ["10", 3, "contract", false],
      ["R__view", 0, "expand", false],
    ]);
    expect(flyway.parse(ok('{"error":{"errorCode":"FAULT","message":"Unable to connect"}}'))).toBeUndefined();
  });

  test("Drizzle: the journal of its folder", () => {
    const journal = {
      version: "7",
      dialect: "postgresql",
      entries: [{ idx: 0, when: 5, tag: "0000_a", breakpoints: true }],
    };
    expect(shown(drizzle, JSON.stringify(journal, null, 2))).toEqual([["0000_a", 1, "expand", false]]);
  });
});

describe("Prisma, by the texts of its command line", () => {
  const head = 'Prisma schema loaded from prisma/schema.prisma\nDatasource "db": PostgreSQL database "x"\n\n';
  test("behind: the pending ones by name, the others by number", () => {
    const output = `${head}3 migrations found in prisma/migrations
Following migrations have not yet been applied:
20240102000000_email
20240103000000_drop_sm_contract

To apply migrations in development run prisma migrate dev.
To apply migrations in production run prisma migrate deploy.
`;
    expect(shown(prisma, output, 1)).toEqual([
      ["#1", 1, "expand", true],
      ["20240102000000_email", 2, "expand", false],
      ["20240103000000_drop_sm_contract", 3, "contract", false],
    ]);
  });
  test("up to date", () => {
    expect(shown(prisma, `${head}1 migration found in prisma/migrations\n\nDatabase schema is up to date!\n`)).toEqual([
      ["#1", 1, "expand", true],
    ]);
  });
  test("one that failed blocks all others", () => {
    const output = `${head}2 migrations found in prisma/migrations\nFollowing migration have failed:\n20240102000000_email\n\nDuring development …`;
    expect(() => prisma.parse({ code: 1, output })).toThrow(
      expect.objectContaining({
        code: "SM-MIGRATION-HALF",
        next: expect.stringContaining("prisma migrate resolve --rolled-back 20240102000000_email"),
      }),
    );
  });
  test("anything else is no answer", () => {
    expect(prisma.parse({ code: 1, output: "Error: P1001: Can't reach database server" })).toBeUndefined();
  });
});

describe("commands", () => {
  const cases: [string, Runner, MigrateSettings, string][] = [
    ["Alembic, as usual", alembic, { tool: "alembic" }, "alembic history --indicate-current"],
    [
      "Alembic, in a folder",
      alembic,
      { tool: "alembic", path: "db/" },
      "alembic -c db/alembic.ini history --indicate-current",
    ],
    [
      "Alembic, by the command of the manifest",
      alembic,
      { tool: "alembic", command: ["poetry", "run", "alembic", "-c", "x.ini", "upgrade", "heads"] },
      "poetry run alembic -c x.ini history --indicate-current",
    ],
    ["Django", django, { tool: "django", path: "src" }, "python src/manage.py showmigrations --plan"],
    [
      "Prisma",
      prisma,
      { tool: "prisma", path: "db" },
      "node_modules/.bin/prisma migrate status --schema db/schema.prisma",
    ],
    [
      "a script of one's own tells nothing of how the tool is called",
      prisma,
      { tool: "prisma", command: ["npm", "run", "migrate"] },
      "node_modules/.bin/prisma migrate status",
    ],
    ["Drizzle", drizzle, { tool: "drizzle", path: "db/out" }, "cat db/out/meta/_journal.json"],
    ["Flyway", flyway, { tool: "flyway", path: "db" }, "flyway -workingDirectory=db info -outputType=json"],
  ];
  test.each(cases)("%s", (_name, runner, settings, expected) => {
    expect(runner.list(settings).join(" ")).toBe(expected);
  });

  test("limits reach each tool in its own way", () => {
    const limits = { lockMs: 3_000, statementMs: 60_000, totalMs: 1 };
    const libpq = "-c lock_timeout=3000 -c statement_timeout=60000";
    expect(alembic.environment(limits, "app", { PGOPTIONS: "-c search_path=x" })).toEqual({
      PGOPTIONS: `-c search_path=x ${libpq}`,
      PGAPPNAME: "app",
    });
    expect(flyway.environment(limits, "app", { FLYWAY_INIT_SQL: "set role x;" })).toEqual({
      FLYWAY_INIT_SQL:
        "set role x; SET lock_timeout = 3000; SET statement_timeout = 60000; SET application_name = 'app'",
    });
    expect(prisma.environment(limits, "app", { DATABASE_URL: "postgres://h/d?schema=s", PORT: "1" })).toEqual({
      DATABASE_URL: `postgres://h/d?schema=s&options=${encodeURIComponent(libpq)}&application_name=app`,
    });
  });

  test("the tool is known by its files", () => {
    const cases: [string[], string | undefined][] = [
      [["src/a.py", "alembic.ini"], "alembic"],
      [["prisma/migrations/1_a/migration.sql"], "prisma"],
      [["drizzle.config.ts"], "drizzle"],
      [["manage.py"], "django"],
      [["bin/rails"], "rails"],
      [["flyway.toml"], "flyway"],
      [["migrations/1.sql"], "sql"],
      [["index.js"], undefined],
    ];
    for (const [files, tool] of cases) expect(detectTool(files)).toBe(tool);
  });
});

test("a mark at the end of the name says the kind; a word of the user's own does not", () => {
  const cases = [
    "drop_x.contract",
    "0003_drop_x_sm_contract",
    "drop x [contract]",
    "drop x (contract)",
    "DropXSmContract",
  ];
  expect(cases.map(kindOf)).toEqual(cases.map(() => "contract"));
  expect(["create_contract", "AddContract", "smart contract", "contracts"].map(kindOf)).toEqual(
    Array(4).fill("expand"),
  );
});
