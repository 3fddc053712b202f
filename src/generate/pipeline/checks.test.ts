import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { memoryTree } from "../../formats/tree.ts";
import { githubActions } from "../kinds/github-actions/kind.ts";
import { gitlab } from "../kinds/gitlab/kind.ts";
import { jenkins } from "../kinds/jenkins/kind.ts";
import type { Plan, PlannedService } from "../plan.ts";
import { plan, service, variable } from "../testing.ts";

interface Job {
  env?: Record<string, string>;
  container?: string;
  defaults?: { run: { shell: string } };
  steps: { name?: string; run?: string; uses?: string; with?: Record<string, unknown>; "working-directory"?: string }[];
}

function jobs(given: Plan): Record<string, Job> {
  const ci = githubActions.render(given).find(({ path }) => path.endsWith("/ci.yml"));
  return (parse(ci?.text ?? "") as { jobs: Record<string, Job> }).jobs;
}

function alone(given: Partial<PlannedService>, files: Record<string, string> = {}, more: Partial<Plan> = {}): Plan {
  return plan({ services: [service("app", { path: ".", ...given })], stores: [], tree: memoryTree(files), ...more });
}

const commands = (job: Job | undefined) => (job?.steps ?? []).flatMap(({ run }) => run ?? []);

describe("tests find what they need", () => {
  const db = { name: "db", kind: "postgres" as const, version: "16", variables: ["DATABASE_URL"], extensions: [] };
  const python = {
    language: "Python",
    runtime: { name: "python", version: "3.13" },
    lockfile: "uv.lock",
    stores: ["db"],
  };

  test.each([
    [
      "npm",
      { packageManager: "npm", migrations: { tool: "prisma", command: "prisma migrate deploy" } },
      "npx --no-install prisma migrate deploy",
    ],
    [
      "pnpm",
      { packageManager: "pnpm", migrations: { tool: "knex", command: "knex migrate:latest" } },
      "pnpm exec knex migrate:latest",
    ],
    [
      "a package beside it",
      {
        packageManager: "pnpm",
        migrations: { tool: "prisma", command: "cd ../../packages/db && npx prisma migrate deploy" },
      },
      "(cd ../../packages/db && npx prisma migrate deploy)",
    ],
    [
      "a folder beside it",
      { ...python, packageManager: "uv", migrations: { tool: "alembic", command: "cd ../db && alembic upgrade head" } },
      "(cd ../db && uv run alembic upgrade head)",
    ],
    ["a script of node", { migrations: { tool: "sql", command: "node migrate.js" } }, "node migrate.js"],
    [
      "uv",
      { ...python, packageManager: "uv", migrations: { tool: "alembic", command: "alembic upgrade head" } },
      "uv run alembic upgrade head",
    ],
  ])("the schema, before the tests: %s", (_, given, command) => {
    const [job] = Object.values(jobs(alone({ stores: ["db"], ...given }, {}, { stores: [db] })));
    const names = job?.steps.map(({ name }) => name) ?? [];
    expect(commands(job)).toContain(command);
    expect(names.indexOf("Migrate the database of the tests")).toBe(names.indexOf("Test") - 1);
  });

  test.each([
    [
      "Django makes a database for each run",
      { ...python, packageManager: "pip", migrations: { tool: "django", command: "python manage.py migrate" } },
    ],
    ["there is no database", { stores: [], migrations: { tool: "prisma", command: "prisma migrate deploy" } }],
    [
      "there is no test",
      { test: null, stores: ["db"], migrations: { tool: "prisma", command: "prisma migrate deploy" } },
    ],
  ])("no migration where %s", (_, given) => {
    expect(JSON.stringify(jobs(alone(given, {}, { stores: [db] })))).not.toContain("migrate");
  });

  test("each variable gets the part of the address that it is for", () => {
    const names = ["DATABASE_URL", "DB_HOST", "DB_PORT", "DB_USER", "DB_NAME", "DB_PASSWORD", "SPRING_DATASOURCE_URL"];
    const env = names.map((name) => variable(name, { store: "db" }));
    const [job] = Object.values(jobs(alone({ stores: ["db"], env }, {}, { stores: [db] })));
    expect(job?.env).toEqual({
      DATABASE_URL: "postgresql://app@127.0.0.1:5432/app",
      DB_HOST: "127.0.0.1",
      DB_NAME: "app",
      DB_PASSWORD: "",
      DB_PORT: "5432",
      DB_USER: "app",
      SPRING_DATASOURCE_URL: "jdbc:postgresql://127.0.0.1:5432/app?user=app",
    });
  });

  test.each([
    ["flask\n", "pip install -r requirements.txt pytest"],
    ["flask\npytest==8.4.1\n", "pip install -r requirements.txt"],
  ])("pytest, also where nothing names it", (requirements, install) => {
    const given = {
      ...python,
      packageManager: "pip",
      lockfile: "requirements.txt",
      install: "pip install -r requirements.txt",
      test: "pytest -q",
      stores: [],
    };
    expect(commands(jobs(alone(given, { "requirements.txt": requirements })).app)).toContain(install);
  });

  test("the packages of the workspace are built before those that use them", () => {
    const files = { "packages/ui/package.json": '{"scripts": {"build": "tsc"}}', "packages/css/package.json": "{}" };
    const given = { path: "apps/site", workspace: ".", internal: ["packages/css", "packages/ui"] };
    const run = (packageManager: string) => commands(jobs(alone({ ...given, packageManager }, files)).app);
    expect(run("pnpm")).toContain('pnpm --filter "./apps/site^..." run build');
    expect(run("npm")).toContain("(cd packages/ui && npm run build)");
    expect(commands(jobs(alone({ ...given, internal: ["packages/css"] }, files)).app).join()).not.toContain(
      "packages/",
    );
  });
});

describe("the tools of a runtime", () => {
  test("Go: by the version of its module, with its downloads kept", () => {
    const go = { language: "Go", runtime: { name: "go", version: "1.25" }, packageManager: "go", test: null };
    const job = jobs(alone(go, { "go.mod": "module x\n\ngo 1.25\n", "go.sum": "" })).app;
    expect(job?.steps.find(({ uses }) => uses?.startsWith("actions/setup-go@"))?.with).toEqual({
      "go-version-file": "go.mod",
      "cache-dependency-path": "go.sum",
    });
    const bare = jobs(alone(go)).app?.steps.find(({ uses }) => uses?.startsWith("actions/setup-go@"));
    expect(bare?.with).toEqual({ "go-version": "1.25", cache: false });
  });

  test.each([
    [
      "ruby",
      { packageManager: "bundler" },
      {},
      /^apt-get update && apt-get install .*build-essential git libyaml-dev pkg-config$/,
    ],
    ["elixir", { packageManager: "mix" }, {}, /^apt-get update && apt-get install .*build-essential git$/],
    [
      "php",
      { packageManager: "composer" },
      { "composer.json": '{"require": {"php": "^8.2", "ext-intl": "*"}}' },
      /^install-php-extensions @composer intl zip$/,
    ],
  ])("small images of %s get what packages are built with", (name, given, files, command) => {
    const given_ = alone({ runtime: { name, version: null }, lockfile: null, install: null, ...given }, files);
    expect(commands(jobs(given_).app)[0]).toMatch(command);
    expect(gitlab.render(given_)[0]?.text).toContain(commands(jobs(given_).app)[0]);
    expect(jenkins.render(given_)[0]?.text).toContain(commands(jobs(given_).app)[0]);
  });

  test("images without bash get scripts for sh", () => {
    const net = jobs(
      alone({ runtime: { name: "dotnet", version: "8.0" }, packageManager: "nuget", lockfile: null }),
    ).app;
    expect(net?.container).toMatch(/alpine/);
    expect(net?.defaults).toEqual({ run: { shell: "sh" } });
    const rust = jobs(alone({ runtime: { name: "rust", version: null }, packageManager: "cargo", lockfile: null })).app;
    expect(rust?.defaults).toBeUndefined();
  });

  test("mix wants its lockfile only where there is one", () => {
    const elixir = { runtime: { name: "elixir", version: "1.18" }, packageManager: "mix", lockfile: null };
    expect(commands(jobs(alone(elixir)).app)).toContain("mix deps.get");
    expect(commands(jobs(alone(elixir, { "mix.lock": "%{}" })).app)).toContain("mix deps.get --check-locked");
  });
});

test("programs of one folder are checked once, beside the stores of all of them", () => {
  const store = (name: string) => ({ name, kind: "redis" as const, version: null, variables: [], extensions: [] });
  const given = plan({
    services: [
      service("api", { path: ".", stores: ["one"], dockerfile: { path: "Dockerfile.api", foreign: false } }),
      service("mail", { path: ".", stores: ["two"], dockerfile: { path: "Dockerfile.mail", foreign: false } }),
    ],
    stores: [store("one"), store("two")],
    tree: memoryTree({}),
  });
  expect(Object.keys(jobs(given))).toEqual(["api", "api-image", "mail-image"]);
  expect((jobs(given).api as unknown as { services: object }).services).toMatchObject({
    one: { ports: ["6379:6379"] },
    two: { ports: ["6380:6379"] },
  });
  expect(gitlab.render(given)[0]?.text.match(/^test-/gm)).toHaveLength(1);
});
