import { describe, expect, test } from "vitest";
import type { StoreUse } from "../../fact.ts";
import { collectOnly } from "../environment/testing.ts";
import { storesCollector } from "./index.ts";

/** `kind VARIABLE +extension`; `?` behind what is assumed, `??` behind what is too weak. */
function stores(files: Record<string, string>, unit = "."): string[] {
  return collectOnly(storesCollector, files, unit).claims.map(({ value, confidence = 0 }) => {
    const { kind, variable, extensions } = value as StoreUse;
    const level = confidence >= 0.8 ? "" : confidence >= 0.5 ? "?" : "??";
    return [`${kind}${level}`, ...(variable === null ? [] : [variable]), ...extensions.map((name) => `+${name}`)].join(
      " ",
    );
  });
}

const npm = (...names: string[]) => ({
  "package.json": JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, "1"])) }),
});

const CASES: { title: string; files: Record<string, string>; expected: string[] }[] = [
  {
    title: "pg with a pool",
    files: {
      ...npm("pg", "express"),
      "db.js": `const { Pool } = require("pg");\nnew Pool({ connectionString: process.env.DATABASE_URL });`,
    },
    expected: ["postgres DATABASE_URL"],
  },
  { title: "a client alone is a guess", files: npm("mongodb"), expected: ["mongodb?"] },
  {
    title: "imports of tests are none",
    files: { ...npm("express"), "test/db.test.js": `require("pg")`, "examples/a.js": `require("redis")` },
    expected: [],
  },
  {
    title: "a comment is none",
    files: { ...npm("express"), "a.js": `// require("pg"); redis://localhost` },
    expected: [],
  },
  {
    title: "Prisma: provider and address, extensions",
    files: {
      ...npm("@prisma/client"),
      "prisma/schema.prisma": `datasource db {\n  provider = "postgresql" // "mysql"\n  url = env("POSTGRES_PRISMA_URL")\n  directUrl = env("DIRECT_URL")\n  extensions = [pgvector(map: "vector"), pg_trgm]\n}`,
    },
    expected: ["postgres POSTGRES_PRISMA_URL +pg_trgm +pgvector"],
  },
  {
    title: "Drizzle's dialect",
    files: {
      ...npm("drizzle-orm", "postgres"),
      "drizzle.config.ts": `export default defineConfig({ dialect: "postgresql", dbCredentials: { url: process.env.DB_ADDRESS! } });`,
    },
    expected: ["postgres DB_ADDRESS"],
  },
  {
    title: "a database of a platform by Drizzle",
    files: { ...npm("drizzle-orm"), "drizzle.config.ts": `export default { dialect: "sqlite", driver: "d1-http" }` },
    expected: [],
  },
  {
    title: "TypeORM",
    files: {
      ...npm("typeorm", "mysql2"),
      "src/data-source.ts": `export const db = new DataSource({ type: "mysql", url: process.env.DATABASE_URL });`,
    },
    expected: ["mysql DATABASE_URL"],
  },
  {
    title: "Sequelize: the environment of production counts",
    files: {
      ...npm("sequelize", "pg", "sqlite3"),
      "config/config.json": `{"development":{"dialect":"sqlite","storage":"dev.db"},"production":{"use_env_variable":"PROD_DB","dialect":"postgres"}}`,
    },
    expected: ["postgres PROD_DB"],
  },
  {
    title: "Knex with environments",
    files: {
      ...npm("knex", "pg"),
      "knexfile.js": `module.exports = {\n  development: { client: "sqlite3", connection: { filename: "dev.db" } },\n  production: { client: "pg", connection: process.env.DATABASE_URL },\n};`,
    },
    expected: ["postgres DATABASE_URL"],
  },
  {
    title: "Sequelize with its driver only",
    files: { ...npm("sequelize", "mysql2"), "db.js": `new Sequelize(process.env.DB_URL)` },
    expected: ["mysql DB_URL"],
  },
  {
    title: "several drivers of which none is chosen",
    files: { ...npm("pg", "mysql2", "sqlite3"), "index.js": "start()" },
    expected: [],
  },
  {
    title: "a queue runs on Redis",
    files: {
      ...npm("bullmq"),
      "worker.ts": `import { Worker } from "bullmq";\nnew Worker("mail", run, { connection: { url: process.env.REDIS_URL } });`,
    },
    expected: ["redis REDIS_URL"],
  },
  {
    title: "S3, RabbitMQ and Kafka",
    files: {
      ...npm("@aws-sdk/client-s3", "amqplib", "kafkajs"),
      "a.ts": `import { S3Client } from "@aws-sdk/client-s3";\nimport amqp from "amqplib";\nimport { Kafka } from "kafkajs";\nuse(process.env.AMQP_URL, process.env.KAFKA_BROKERS);`,
    },
    expected: ["s3", "rabbitmq AMQP_URL", "kafka KAFKA_BROKERS"],
  },
  {
    title: "extensions of plain migrations",
    files: {
      ...npm("pg"),
      "db.js": `require("pg")`,
      "migrations/1.sql": `CREATE EXTENSION IF NOT EXISTS "uuid-ossp";\ncreate extension timescaledb cascade;\n-- CREATE EXTENSION postgis;`,
    },
    expected: ["postgres +timescaledb +uuid-ossp"],
  },
  {
    title: "a sample with the scheme of the address",
    files: { ...npm("@acme/orm"), ".env.example": "MAIN_ADDRESS=postgresql://u:p@localhost/x\n" },
    expected: ["postgres? MAIN_ADDRESS"],
  },
];

describe("stores of an application", () => {
  test.each(CASES)("$title", ({ files, expected }) => {
    expect(stores(files).toSorted()).toEqual(expected.toSorted());
  });

  test("the library of a workspace has the client, the service the store", () => {
    const files = {
      "package.json": `{"workspaces":["apps/*","packages/*"]}`,
      "apps/api/package.json": `{"name":"api","dependencies":{"@shop/db":"*"}}`,
      "apps/api/index.js": `require("@shop/db")`,
      "packages/db/package.json": `{"name":"@shop/db","dependencies":{"pg":"8"}}`,
      "packages/db/index.js": `require("pg"); process.env.DATABASE_URL`,
    };
    expect(stores(files, "apps/api")).toEqual(["postgres DATABASE_URL"]);
  });

  test("an address that nothing explains, and a refused file, are told", () => {
    const misses = (files: Record<string, string>) =>
      collectOnly(storesCollector, files).misses.map(({ message }) => message);
    expect(misses({ ...npm("express"), "a.js": "use(process.env.DATABASE_URL)" })[0]).toContain("DATABASE_URL");
    expect(misses({ ...npm("pg", "better-sqlite3"), "a.js": `require("pg"); require("better-sqlite3")` })[0]).toContain(
      "postgres",
    );
  });

  test("evidence has the place of the client and of its use", () => {
    const files = { "package.json": `{\n  "dependencies": {\n    "pg": "8"\n  }\n}`, "db.js": `\nrequire("pg")` };
    const [claim] = collectOnly(storesCollector, files).claims;
    expect(claim?.evidence.map(({ file, line }) => `${file}:${line}`)).toEqual(["db.js:2", "package.json:3"]);
  });
});
