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
const maven = (...artifacts: string[]) => ({
  "pom.xml": `<project><dependencies>${artifacts
    .map(
      (one) =>
        `<dependency><groupId>${one.split(":")[0]}</groupId><artifactId>${one.split(":")[1]}</artifactId></dependency>`,
    )
    .join("")}</dependencies></project>`,
});

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
  {
    title: "Django",
    files: {
      "requirements.txt": "django\n",
      "manage.py": `os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")`,
      "shop/settings.py": "DATABASES = {}",
      "cart/migrations/0001_initial.py": "",
    },
    expected: "django: python manage.py migrate --noinput",
  },
  {
    title: "Alembic",
    files: {
      "requirements.txt": "alembic\n",
      "alembic.ini": "[alembic]\nscript_location = alembic",
      "alembic/versions/1_a.py": "down_revision = None",
    },
    expected: "alembic: alembic upgrade head",
  },
  {
    title: "Alembic in a folder",
    files: {
      "requirements.txt": "alembic\n",
      "app/alembic.ini": "[alembic]",
      "app/alembic/versions/1_a.py": "down_revision = None",
    },
    expected: "alembic: alembic -c app/alembic.ini upgrade head",
  },
  {
    title: "Flask-Migrate",
    files: {
      "requirements.txt": "flask-migrate\n",
      "migrations/alembic.ini": "",
      "migrations/env.py": "from flask import current_app",
      "migrations/versions/1_a.py": "down_revision = None",
    },
    expected: "flask-migrate: flask db upgrade",
  },
  {
    title: "Rails",
    files: { Gemfile: `gem "rails"`, "bin/rails": "", "db/migrate/20240101000000_a.rb": "" },
    expected: "rails: bin/rails db:migrate",
  },
  { title: "Rails without tables", files: { Gemfile: `gem "rails"`, "bin/rails": "" }, expected: undefined },
  {
    title: "Laravel",
    files: {
      "composer.json": `{"require":{"laravel/framework":"11"}}`,
      artisan: "",
      "database/migrations/2024_a.php": "",
    },
    expected: "laravel: php artisan migrate --force",
  },
  {
    title: "Symfony",
    files: {
      "composer.json": `{"require":{"doctrine/doctrine-migrations-bundle":"3"}}`,
      "bin/console": "",
      "migrations/Version20240101.php": "",
    },
    expected: "doctrine: php bin/console doctrine:migrations:migrate --no-interaction --allow-no-migration",
  },
  {
    title: "Flyway inside of Spring",
    files: {
      ...maven("org.springframework.boot:spring-boot-starter-web", "org.flywaydb:flyway-core"),
      "src/main/resources/db/migration/V1__a.sql": "",
    },
    expected: "none: flyway runs inside the application when it starts",
  },
  {
    title: "Flyway by its program",
    files: { "package.json": "{}", "flyway.conf": "", "sql/V1__a.sql": "" },
    expected: "flyway: flyway migrate",
  },
  {
    title: "Liquibase by Maven",
    files: {
      "pom.xml": `<project><build><plugins><plugin><artifactId>liquibase-maven-plugin</artifactId></plugin></plugins></build></project>`,
      mvnw: "",
    },
    expected: "liquibase: ./mvnw liquibase:update",
  },
  {
    title: "Goose by its program",
    files: {
      "go.mod": "module x",
      "main.go": "package main",
      "db/migrations/1_a.sql": "-- +goose Up\nCREATE TABLE a();",
    },
    expected: `goose: goose -dir db/migrations postgres "$DATABASE_URL" up`,
  },
  {
    title: "Goose inside",
    files: {
      "go.mod": "module x",
      "main.go": `package main\nfunc main() { goose.Up(db, "m") }`,
      "m/1_a.sql": "-- +goose Up\n",
    },
    expected: "none: goose runs inside the application when it starts",
  },
  {
    title: "golang-migrate",
    files: { "go.mod": "module x", "db/migration/000001_a.up.sql": "", "db/migration/000001_a.down.sql": "" },
    expected: `golang-migrate: migrate -path db/migration -database "$DATABASE_URL" up`,
  },
  {
    title: "dbmate",
    files: { "go.mod": "module x", "db/migrations/1_a.sql": "-- migrate:up\n" },
    expected: "dbmate: dbmate up",
  },
  {
    title: "Atlas",
    files: { "go.mod": "module x", "atlas.hcl": `env "local" {\n}\nenv "production" {\n}` },
    expected: "atlas: atlas migrate apply --env production",
  },
  {
    title: "sqlx by its program",
    files: {
      "Cargo.toml": `[dependencies]\nsqlx = "0.8"`,
      "src/main.rs": "fn main() {}",
      "migrations/20240101_a.sql": "",
    },
    expected: "sqlx: sqlx migrate run",
  },
  {
    title: "sqlx inside",
    files: {
      "Cargo.toml": `[dependencies]\nsqlx = "0.8"`,
      "src/main.rs": "sqlx::migrate!().run(&pool)",
      "migrations/20240101_a.sql": "",
    },
    expected: "none: sqlx runs inside the application when it starts",
  },
  {
    title: "Diesel",
    files: {
      "Cargo.toml": `[dependencies]\ndiesel = "2"`,
      "diesel.toml": "",
      "migrations/2024-01-01_a/up.sql": "",
      "migrations/2024-01-01_a/down.sql": "",
    },
    expected: "diesel: diesel migration run",
  },
  {
    title: "Ecto by the function of the release",
    files: {
      "mix.exs": `def project, do: [app: :shop, deps: deps()]\n  defp deps do\n    [{:ecto_sql, "~> 3"}]\n  end`,
      "priv/repo/migrations/20240101_a.exs": "",
      "lib/shop/release.ex": "defmodule Shop.Release do\n  def migrate do\n  end\nend",
    },
    expected: `ecto: bin/shop eval "Shop.Release.migrate"`,
  },
  {
    title: "Entity Framework",
    files: {
      "Api.csproj": `<Project/>`,
      "Migrations/20240101120000_Init.cs": "class Init : Migration {}",
      "Program.cs": "",
    },
    expected: "ef-core: dotnet ef database update",
  },
  {
    title: "Entity Framework inside",
    files: {
      "Api.csproj": `<Project/>`,
      "Migrations/20240101120000_Init.cs": "class Init : Migration {}",
      "Program.cs": "db.Database.Migrate();",
    },
    expected: "none: ef-core runs inside the application when it starts",
  },
  {
    title: "plain SQL",
    files: { "package.json": "{}", "migrations/001_a.sql": "CREATE TABLE a();" },
    expected: "none: migrations has plain SQL, and no tool is there that applies it",
  },
  {
    title: "files of tests",
    files: { "package.json": "{}", "tests/migrations/001_a.up.sql": "", "tests/migrations/001_a.down.sql": "" },
    expected: undefined,
  },
  {
    title: "broken files",
    files: { "package.json": "{", "pom.xml": "<project", "atlas.hcl": "env {", "mix.exs": "(((" },
    expected: "none: atlas.hcl has no environment for production",
  },
];

describe("migrations", () => {
  test.each(CASES)("$title", ({ files, expected }) => {
    expect(migrations(files)).toBe(expected);
  });

  test("of a library of the workspace", () => {
    const files = {
      "package.json": `{"workspaces":["apps/*","packages/*"]}`,
      "apps/api/package.json": `{"name":"api","dependencies":{"@shop/db":"*"}}`,
      "packages/db/package.json": `{"name":"@shop/db","dependencies":{"@prisma/client":"6"}}`,
      "packages/db/prisma/schema.prisma": SCHEMA,
      "packages/db/prisma/migrations/1/migration.sql": "",
    };
    expect(migrations(files, "apps/api")).toBe("prisma: cd ../../packages/db && npx prisma migrate deploy");
  });
});
