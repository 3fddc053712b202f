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
