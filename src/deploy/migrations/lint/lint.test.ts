import { describe, expect, test } from "vitest";
import { lint, unexcused } from "./lint.ts";
import { parseStatements } from "./parse.ts";
import type { RuleId } from "./rules.ts";

async function rulesOf(sql: string, { transaction = true, neverNull = [] as string[] } = {}): Promise<RuleId[]> {
  const findings = await lint([{ origin: "0001.sql", sql, transaction }], { neverNull });
  return findings.map(({ rule }) => rule);
}

describe("a statement that hurts the running release has a finding", () => {
  const cases: [string, RuleId[]][] = [
    ["drop table users", ["drop"]],
    ["alter table users drop column name", ["drop"]],
    ["drop view active_users", ["drop"]],
    ["drop function f()", ["drop"]],
    ["drop type mood", ["drop"]],
    ["alter table users rename column name to title", ["rename"]],
    ["alter table users rename to people", ["rename"]],
    ["alter table users set schema archive", ["rename"]],
    ["alter type mood rename value 'sad' to 'blue'", ["rename"]],
    ["alter table users alter column id type bigint", ["type-change"]],
    ["alter table users alter column name set not null", ["not-null"]],
    ["alter table users add constraint n not null name", ["not-null"]],
    ["alter table users add column age int not null", ["not-null-column"]],
    ["create index on users (name)", ["index-lock"]],
    ["create index concurrently i on users (name)", ["concurrently-in-transaction"]],
    ["reindex table users", ["index-lock"]],
    ["drop index i", ["index-drop-lock"]],
    ["alter table orders add foreign key (user_id) references users (id)", ["not-valid"]],
    ["alter table users add check (age > 0)", ["not-valid"]],
    ["alter table users add column age int check (age > 0)", ["not-valid"]],
    ["alter table users add unique (email)", ["unique-lock"]],
    ["alter table users add column code text unique", ["unique-lock"]],
    ["update users set name = upper(name)", ["table-wide-write"]],
    ["delete from users", ["table-wide-write"]],
    ["with gone as (delete from users returning 1) select count(*) from gone", ["table-wide-write"]],
    ["truncate users", ["truncate"]],
    ["alter table users add column token uuid default gen_random_uuid()", ["volatile-default"]],
    ["alter table users add column number bigserial", ["volatile-default"]],
    ["alter table users add column n int generated always as identity", ["volatile-default"]],
    ["alter table users add column at timestamptz default clock_timestamp()", ["volatile-default"]],
    ["alter table users add column l int generated always as (length(name)) stored", ["rewrite"]],
    ["alter table users set unlogged", ["rewrite"]],
    ["vacuum full users", ["exclusive-lock"]],
    ["cluster users using i", ["exclusive-lock"]],
    ["lock table users", ["exclusive-lock"]],
    ["refresh materialized view totals", ["refresh-lock"]],
    ["alter type mood add value 'glad'; select 1", ["enum-value"]],
    ["begin; select 1; commit", ["transaction-control", "transaction-control"]],
    ["do $$ begin update users set name = ''; end $$", ["table-wide-write"]],
    ["do $$ begin execute 'drop table ' || 'users'; end $$", ["dynamic-sql"]],
    ["alter table users drop column a, alter column b type text", ["drop", "type-change"]],
  ];
  test.each(cases)("%s", async (sql, expected) => {
    expect(await rulesOf(sql)).toEqual(expected);
  });
});

describe("what suits the running release passes", () => {
  const cases: [string, { transaction?: boolean; neverNull?: string[] }?][] = [
    ["alter table users add column age int"],
    ["alter table users add column age int not null default 0"],
    ["alter table users add column at timestamptz not null default now()"],
    ["alter table users add column team int references teams (id)"],
    ["create table t (id int primary key, n int check (n > 0)); create index on t (n); alter table t add unique (n)"],
    ["create table t as select 1 as a; update t set a = 2; drop table t"],
    ["create index concurrently if not exists i on users (name)", { transaction: false }],
    ["drop index concurrently i", { transaction: false }],
    ["alter table users add constraint c check (age > 0) not valid"],
    ["alter table users validate constraint c"],
    ["alter table users add constraint u unique using index i"],
    ["alter table users drop constraint c"],
    ["alter table users rename constraint c to d"],
    ["update users set name = '' where name is null"],
    ["alter type mood add value 'glad'"],
    ["alter table users alter column age set not null", { neverNull: ["users.age"] }],
    [
      "alter table public.users add constraint c check (age is not null) not valid; alter table users validate constraint c; alter table users alter age set not null",
    ],
    ["do $$ begin create type mood as enum ('sad'); exception when duplicate_object then null; end $$"],
    ["alter table users add column x int; alter table users rename column x to y"],
    ["refresh materialized view concurrently totals"],
    ["insert into users select * from old_users"],
    ["vacuum users", { transaction: false }],
  ];
  test.each(cases)("%s", async (sql, options = {}) => {
    expect(await rulesOf(sql, options)).toEqual([]);
  });
});

test("a comment with a reason lets one rule pass, one without does not", async () => {
  const findings = await lint([
    {
      origin: "0001.sql",
      transaction: true,
      sql: `
        -- stationmaster: allow drop: nobody has read it since 2.3
        alter table users drop column name, alter column b type text;
        -- stationmaster: allow rename
        alter table users rename to people;`,
    },
  ]);
  expect(findings.map(({ rule, allowed }) => [rule, allowed])).toEqual([
    ["drop", "nobody has read it since 2.3"],
    ["type-change", null],
    ["rename", null],
  ]);
  expect(unexcused(findings)).toHaveLength(2);
  expect(findings[2]?.message).toContain("gives no reason");
  expect(findings[0]?.statement).toBe("alter table users drop column name, alter column b type text");
});

test("statements keep their comments and their bytes, whatever is in strings and bodies", async () => {
  const statements = await parseStatements(
    "-- größe;\nselect 'a;b', $x$;$x$;\n\n/* ü; */ create function f() returns int language sql as $$ select 1; $$; -- at the end\nselect 2",
    "x.sql",
  );
  expect(statements.map(({ sql }) => sql)).toEqual([
    "-- größe;\nselect 'a;b', $x$;$x$",
    "/* ü; */ create function f() returns int language sql as $$ select 1; $$",
    "-- at the end\nselect 2",
  ]);
});

test("a syntax error names the file and the line", async () => {
  await expect(parseStatements("select 1;\nalter tabel x", "0002.sql")).rejects.toMatchObject({
    code: "SM-MIGRATION-SYNTAX",
    message: expect.stringMatching(/^0002\.sql: syntax error at or near "tabel" \(line 2: alter tabel x\)$/),
  });
});
