import { describe, expect, test } from "vitest";
import { compose } from "../../src/generate/kinds/compose/kind.ts";
import { envExample } from "../../src/generate/kinds/env-example/kind.ts";
import { githubActions } from "../../src/generate/kinds/github-actions/kind.ts";
import type { PlannedStore } from "../../src/generate/plan.ts";
import { render } from "../../src/generate/render.ts";
import { plan, service, variable } from "../../src/generate/testing.ts";
import { planOf } from "./scan-and-plan.ts";

const store = (name: string, kind: PlannedStore["kind"]): PlannedStore => ({
  name,
  kind,
  version: null,
  variables: ["DATABASE_URL"],
  extensions: [],
});
const PASSWORD = "${STORE_PASSWORD:?set it in .env}";

/** What a service with these stores gets for a variable of this name. */
function given(name: string, stores: PlannedStore[]): string | undefined {
  const api = service("api", { env: [variable(name)], stores: stores.map((one) => one.name) });
  const text = render(plan({ services: [api], stores }), [compose]).get("compose.yaml")?.text ?? "";
  return new RegExp(`^ {6}${name}: (.*)$`, "m").exec(text)?.[1];
}

describe("variables that tell a part of a store", () => {
  const [postgres, mysql, redis] = [store("db", "postgres"), store("db", "mysql"), store("cache", "redis")];
  test.each<[name: string, stores: PlannedStore[], value: string]>([
    ["DB_HOST", [postgres, redis], "db"],
    ["DB_PORT", [mysql], '"3306"'],
    ["DB_USERNAME", [mysql], "app"],
    ["DB_DATABASE", [mysql], "app"],
    ["DB_PASSWORD", [postgres], PASSWORD],
    ["PGHOST", [postgres], "db"],
    ["PGDATABASE", [postgres], "app"],
    ["POSTGRES_USER", [postgres], "app"],
    ["APP_MYSQL_HOST", [mysql], "db"],
    ["REDIS_HOST", [postgres, redis], "cache"],
    ["SPRING_DATA_REDIS_PORT", [redis], '"6379"'],
    ["SPRING_DATASOURCE_URL", [postgres], `jdbc:postgresql://db:5432/app?user=app&password=${PASSWORD}`],
    ["SPRING_DATASOURCE_USERNAME", [mysql], "app"],
    ["ConnectionStrings__Orders", [postgres], `Host=db;Port=5432;Database=app;Username=app;Password=${PASSWORD}`],
    ["ConnectionStrings__Redis", [postgres, redis], "cache:6379"],
  ])("%s", (name, stores, value) => {
    expect(given(name, stores)).toBe(value);
  });

  test.each<[name: string, stores: PlannedStore[], why: string]>([
    ["TEST_DB_HOST", [postgres], "of tests"],
    ["REDIS_DB", [redis], "a number"],
    ["REDIS_PASSWORD", [redis], "there is none"],
    ["SMTP_HOST", [postgres], "no store"],
    ["DB_HOST", [redis], "no store of that kind"],
    ["DB_HOST", [postgres, store("legacy", "mysql")], "which one is not plain"],
  ])("%s stays open: %3$s", (name, stores) => {
    expect(given(name, stores)).toBe(`\${${name}:?set it in .env}`);
  });

  test("an application that reads parts gets no address beside them that it does not read", () => {
    const files = {
      "package.json": JSON.stringify({
        name: "api",
        scripts: { start: "node server.js" },
        dependencies: { express: "4", pg: "8" },
      }),
      "package-lock.json": "{}",
      "server.js":
        'const { Pool } = require("pg");\nnew Pool({ host: process.env.DB_HOST, password: process.env.DB_PASSWORD });\nrequire("express")().listen(process.env.PORT || 3000);\n',
    };
    const made = render(planOf(files), [compose, envExample]);
    expect(made.get("compose.yaml")?.text).toMatch(/DB_HOST: db\n/);
    for (const path of ["compose.yaml", ".env.example"]) expect(made.get(path)?.text).not.toContain("DATABASE_URL");
  });

  test("addresses name the driver of SQLAlchemy, in production and in tests", () => {
    const files = {
      "requirements.txt": "fastapi==0.115.0\nuvicorn==0.32.0\nsqlalchemy==2.0.36\nasyncpg==0.30.0\npytest==8.3.3\n",
      "main.py":
        'import os\nfrom fastapi import FastAPI\nfrom sqlalchemy.ext.asyncio import create_async_engine\n\napp = FastAPI()\nengine = create_async_engine(os.environ["DATABASE_URL"])\n',
      "test_main.py": "def test_it(): pass\n",
    };
    const made = render(planOf(files), [compose, githubActions]);
    expect(made.get("compose.yaml")?.text).toContain(`DATABASE_URL: postgresql+asyncpg://app:${PASSWORD}@db:5432/app`);
    const checks = made.get(".github/workflows/ci.yml")?.text;
    expect(checks).toContain("DATABASE_URL: postgresql+asyncpg://app@127.0.0.1:5432/app");
  });
});
