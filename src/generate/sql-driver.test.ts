import { expect, test } from "vitest";
import { memoryFiles } from "../scan/files.ts";
import { takeSnapshot } from "../scan/snapshot.ts";
import type { SqlDrivers } from "./plan.ts";
import { sqlDrivers, withDriver } from "./sql-driver.ts";

const BOTH = { mysql: "pymysql", mariadb: "pymysql" };

test.each<[string, Record<string, string>, SqlDrivers]>([
  ["psycopg 3", { "requirements.txt": "SQLAlchemy==2.0\npsycopg[binary]==3.2\n" }, { postgres: "psycopg" }],
  ["the usual driver", { "requirements.txt": "SQLAlchemy\npsycopg2-binary\npsycopg\n" }, {}],
  [
    "asyncpg in a pyproject",
    { "pyproject.toml": 'dependencies = ["sqlmodel>=0.0.20", "asyncpg"]\n' },
    { postgres: "asyncpg" },
  ],
  ["without SQLAlchemy", { "requirements.txt": "asyncpg\n" }, {}],
  ["PyMySQL", { "requirements.txt": "sqlalchemy\nPyMySQL\n" }, BOTH],
  [
    "code that adds the driver",
    {
      "requirements.txt": "sqlalchemy\nasyncpg\n",
      "app/db.py": 'url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://")\n',
    },
    {},
  ],
  [
    "code that puts the address together",
    { "requirements.txt": "sqlalchemy\nasyncpg\n", "app/db.py": 'url = f"postgresql+asyncpg://{user}@{host}/x"\n' },
    {},
  ],
  [
    "a default that is written as a whole",
    {
      "requirements.txt": "sqlalchemy\nasyncpg\npsycopg2\n",
      "app/db.py": 'url = os.getenv("DATABASE_URL", "postgresql+asyncpg://localhost/x")\n',
    },
    { postgres: "asyncpg" },
  ],
  [
    "a sample",
    {
      "requirements.txt": "sqlalchemy\npsycopg2\nasyncpg\n",
      ".env.example": "DATABASE_URL=postgresql+asyncpg://a:b@c/d\n",
    },
    { postgres: "asyncpg" },
  ],
])("%s", (_, files, drivers) => {
  const below = Object.fromEntries(Object.entries(files).map(([path, text]) => [`api/${path}`, text]));
  expect(sqlDrivers(takeSnapshot(memoryFiles(files)), ".")).toEqual(drivers);
  expect(sqlDrivers(takeSnapshot(memoryFiles(below)), "api")).toEqual(drivers);
  expect(sqlDrivers(takeSnapshot(memoryFiles(below)), "web")).toEqual({});
});

test("an address names the driver once", () => {
  expect(withDriver("postgresql://app@db/app", "asyncpg")).toBe("postgresql+asyncpg://app@db/app");
  expect(withDriver("redis://cache", "asyncpg")).toBe("redis://cache");
  expect(withDriver("mysql://app@db/app", undefined)).toBe("mysql://app@db/app");
});
