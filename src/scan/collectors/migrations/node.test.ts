import { describe, expect, test } from "vitest";
import { collectOnly } from "../environment/testing.ts";
import { migrationsCollector } from "./index.ts";

/** `tool: command`, or why there is none. */
function migrations(files: Record<string, string>, unit = "."): string | undefined {
  const { claims, misses } = collectOnly(migrationsCollector, files, unit);
  const [best] = claims.toSorted((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0));
  const value = best?.value as { tool: string; command: string } | undefined;
  return value ? `${value.tool}: ${value.command}` : misses[0] && `none: ${misses[0].message}`;
}

const node = (dependencies: string[], scripts: Record<string, string> = {}, devDependencies: string[] = []) => ({
  "package.json": JSON.stringify({
    scripts,
    dependencies: Object.fromEntries(dependencies.map((name) => [name, "1"])),
    devDependencies: Object.fromEntries(devDependencies.map((name) => [name, "1"])),
  }),
});
const SCHEMA = `datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}`;

const CASES: { title: string; files: Record<string, string>; expected: string | undefined }[] = [
  {
    title: "Prisma",
    files: {
      ...node(["@prisma/client"], {}, ["prisma"]),
      "prisma/schema.prisma": SCHEMA,
      "prisma/migrations/1_init/migration.sql": "",
    },
    expected: "prisma: npx prisma migrate deploy",
  },
  {
    title: "Prisma with a schema elsewhere",
    files: {
      ...node(["@prisma/client"]),
      "src/db/schema.prisma": SCHEMA,
      "src/db/migrations/1_init/migration.sql": "",
    },
    expected: "prisma: npx prisma migrate deploy --schema src/db/schema.prisma",
  },
  {
    title: "Prisma by a script, through dotenv",
    files: {
      ...node(["@prisma/client"], {
        "db:migrate": "prisma migrate dev",
        "db:deploy": "dotenv -e .env -- prisma migrate deploy --schema x.prisma",
      }),
      "prisma/schema.prisma": SCHEMA,
      "prisma/migrations/1/migration.sql": "",
    },
    expected: "prisma: npx prisma migrate deploy --schema x.prisma",
  },
  {
    title: "Prisma without migrations",
    files: { ...node(["@prisma/client"], { "db:push": "prisma db push" }), "prisma/schema.prisma": SCHEMA },
    expected: "none: the schema of Prisma has no folder of migrations; `prisma db push` is none",
  },
  {
    title: "Prisma on MongoDB",
    files: { ...node(["@prisma/client"]), "prisma/schema.prisma": SCHEMA.replace("postgresql", "mongodb") },
    expected: "none: Prisma has no migrations for MongoDB",
  },
  {
    title: "Drizzle",
    files: {
      ...node(["drizzle-orm"], {}, ["drizzle-kit"]),
      "drizzle.config.ts": "export default {}",
      "drizzle/meta/_journal.json": "{}",
    },
    expected: "drizzle: npx drizzle-kit migrate",
  },
  {
    title: "Drizzle by a program of its own",
    files: {
      ...node(["drizzle-orm"], { "db:migrate": "node dist/db/migrate.js" }),
      "src/db/migrate.ts": `import { migrate } from "drizzle-orm/node-postgres/migrator"; await migrate(db, {});`,
      "drizzle/meta/_journal.json": "{}",
    },
    expected: "drizzle: node dist/db/migrate.js",
  },
  {
    title: "Drizzle inside of the server",
    files: {
      ...node(["drizzle-orm"], { start: "node server.js" }),
      "server.js": `import { migrate } from "drizzle-orm/node-postgres/migrator"; await migrate(db, {}); listen();`,
      "drizzle/meta/_journal.json": "{}",
    },
    expected: "none: the migration runs inside the application when it starts",
  },
  {
    title: "Knex",
    files: { ...node(["knex", "pg"]), "knexfile.js": "", "migrations/20240101_a.js": "" },
    expected: "knex: npx knex migrate:latest",
  },
  {
    title: "Knex with its settings elsewhere",
    files: { ...node(["knex"]), "src/db/knexfile.js": "" },
    expected: "knex: npx knex migrate:latest --knexfile src/db/knexfile.js",
  },
  {
    title: "Knex by the script for production",
    files: {
      ...node(["knex"], {
        "migrate:dev": "knex migrate:latest --env development",
        "migrate:prod": "knex migrate:latest --env production",
      }),
      "knexfile.js": "",
    },
    expected: "knex: npx knex migrate:latest --env production",
  },
  {
    title: "Sequelize",
    files: { ...node(["sequelize"], {}, ["sequelize-cli"]), "migrations/20240101120000-users.js": "" },
    expected: "sequelize: npx sequelize-cli db:migrate",
  },
  {
    title: "TypeORM by scripts that call each other",
    files: {
      ...node(["typeorm"], {
        typeorm: "node ./node_modules/typeorm/cli.js -d dist/data-source.js",
        "migration:run": "npm run typeorm -- migration:run",
        "migration:revert": "npm run typeorm -- migration:revert",
      }),
      "src/migrations/1700000000000-init.ts": "",
    },
    expected: "typeorm: node ./node_modules/typeorm/cli.js -d dist/data-source.js migration:run",
  },
  {
    title: "TypeORM by a script alone",
    files: node(["typeorm"], { "migration:run": "typeorm-ts-node-commonjs migration:run -d src/data-source.ts" }),
    expected: "typeorm: npx typeorm-ts-node-commonjs migration:run -d src/data-source.ts",
  },
  {
    title: "TypeORM when the application starts",
    files: {
      ...node(["typeorm"]),
      "src/migrations/1700000000000-init.ts": "",
      "src/db.ts": "new DataSource({ migrationsRun: true })",
    },
    expected: "none: TypeORM runs inside the application when it starts",
  },
  {
    title: "MikroORM",
    files: { ...node(["@mikro-orm/core", "@mikro-orm/migrations"]), "mikro-orm.config.ts": "" },
    expected: "mikro-orm: npx mikro-orm migration:up",
  },
  {
    title: "node-pg-migrate by its script",
    files: { ...node(["node-pg-migrate"], { migrate: "node-pg-migrate up" }), "migrations/1700000000000_a.sql": "" },
    expected: "node-pg-migrate: npx node-pg-migrate up",
  },
  {
    title: "Adonis",
    files: { ...node(["@adonisjs/lucid"]), "database/migrations/1_users.ts": "" },
    expected: "adonis: node ace migration:run --force",
  },
];

describe("migrations of packages of JavaScript", () => {
  test.each(CASES)("$title", ({ files, expected }) => {
    expect(migrations(files)).toBe(expected);
  });
});
