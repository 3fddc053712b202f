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

const pip = (...names: string[]) => ({ "requirements.txt": names.join("\n") });

const CASES: { title: string; files: Record<string, string>; expected: string[] }[] = [
  {
    title: "a client for development is none",
    files: { "package.json": `{"devDependencies":{"redis":"4"}}`, "server.js": "listen(1)" },
    expected: [],
  },
  {
    title: "SQLite of Bun",
    files: { "package.json": "{}", "index.ts": `import { Database } from "bun:sqlite";` },
    expected: ["sqlite"],
  },
  {
    title: "Django: PostgreSQL by its address, SQLite by default",
    files: {
      ...pip("django", "psycopg2-binary", "dj-database-url"),
      "shop/settings.py": `import dj_database_url\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}\nif os.environ.get("DATABASE_URL"):\n    DATABASES["default"] = dj_database_url.config()`,
    },
    expected: ["postgres DATABASE_URL"],
  },
  {
    title: "Django with nothing but SQLite",
    files: {
      ...pip("django"),
      "shop/settings.py": `DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}`,
    },
    expected: ["sqlite"],
  },
  {
    title: "Django: cache, channels, storage, PostGIS",
    files: {
      ...pip("django", "psycopg", "django-redis", "boto3", "django-storages"),
      "shop/settings.py": `import environ\nenv = environ.Env()\nDATABASES = {"default": {"ENGINE": "django.contrib.gis.db.backends.postgis"}}\nCACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": env("REDIS_URL")}}\nDEFAULT_FILE_STORAGE = "storages.backends.s3boto3.S3Boto3Storage"`,
    },
    expected: ["postgres +postgis", "redis REDIS_URL", "s3"],
  },
  {
    title: "Celery's extra and broker",
    files: {
      ...pip("celery[redis]"),
      "app/worker.py": `app = Celery("x", broker=os.getenv("CELERY_BROKER", "redis://localhost:6379/0"))`,
    },
    expected: ["redis"],
  },
  {
    title: "SQLAlchemy with a fallback file and a served database",
    files: {
      ...pip("sqlalchemy", "asyncpg"),
      "app/db.py": `URL = os.getenv("DATABASE_URL", "sqlite:///./dev.db")\nengine = create_async_engine(URL)`,
    },
    expected: ["postgres DATABASE_URL"],
  },
  {
    title: "a fallback file alone says nothing of production",
    files: { ...pip("sqlalchemy"), "app/db.py": `URL = os.getenv("DATABASE_URL", "sqlite:///./dev.db")` },
    expected: ["sqlite?? DATABASE_URL"],
  },
  {
    title: "a file that Flask keeps",
    files: { ...pip("flask-sqlalchemy"), "app.py": `app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///site.db"` },
    expected: ["sqlite"],
  },
  {
    title: "a file of Python's own library, and one in memory",
    files: { ...pip("flask"), "app.py": `import sqlite3\ncon = sqlite3.connect("data.db")` },
    expected: ["sqlite"],
  },
  { title: "a database in memory", files: { ...pip("flask"), "app.py": `sqlite3.connect(":memory:")` }, expected: [] },
  {
    title: "pymongo and pgvector",
    files: {
      ...pip("pymongo", "psycopg", "pgvector"),
      "a.py": `import pymongo, psycopg\nfrom pgvector.psycopg import register_vector\npymongo.MongoClient(os.environ["MONGODB_URI"])`,
    },
    expected: ["postgres +pgvector", "mongodb MONGODB_URI"],
  },
  {
    title: "boto3 by the service that is asked for",
    files: { ...pip("boto3"), "a.py": `s3 = boto3.client("s3")\ntable = boto3.resource('dynamodb')` },
    expected: ["s3", "dynamodb"],
  },
  {
    title: "Go: driver, indirect module",
    files: {
      "go.mod":
        "module x\nrequire (\n\tgithub.com/jackc/pgx/v5 v5.5.0\n\tgithub.com/redis/go-redis/v9 v9.0.0 // indirect\n)",
      "main.go": `package main\nimport (\n\t"os"\n\t"github.com/jackc/pgx/v5/pgxpool"\n)\nfunc main() { pgxpool.New(ctx, os.Getenv("DATABASE_URL")) }`,
    },
    expected: ["postgres DATABASE_URL"],
  },
  {
    title: "Go: sql.Open",
    files: {
      "go.mod": "module x\nrequire github.com/go-sql-driver/mysql v1.7.0",
      "main.go": `package main\nimport _ "github.com/go-sql-driver/mysql"\nfunc main() { sql.Open("mysql", os.Getenv("MYSQL_DSN")) }`,
    },
    expected: ["mysql MYSQL_DSN"],
  },
  {
    title: "Rust: features of sqlx",
    files: {
      "Cargo.toml": `[dependencies]\nsqlx = { version = "0.8", features = ["postgres", "runtime-tokio"] }\nredis = "0.25"`,
      "src/main.rs": `use sqlx::PgPool;\nfn main() { PgPool::connect(&std::env::var("DATABASE_URL").unwrap()); let c = redis::Client::open("redis://x"); }`,
    },
    expected: ["postgres DATABASE_URL", "redis"],
  },
  {
    title: "Spring: driver and address",
    files: {
      "pom.xml": `<project><dependencies><dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><scope>runtime</scope></dependency>
<dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId><scope>test</scope></dependency>
<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-data-redis</artifactId></dependency></dependencies></project>`,
      "src/main/resources/application.yml":
        "spring:\n  datasource:\n    url: ${DB_ADDRESS:jdbc:postgresql://localhost/shop}\n",
    },
    expected: ["postgres DB_ADDRESS", "redis"],
  },
  {
    title: "Spring: profiles for development are aside",
    files: {
      "pom.xml": `<project><dependencies><dependency><groupId>com.mysql</groupId><artifactId>mysql-connector-j</artifactId></dependency><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-data-jpa</artifactId></dependency></dependencies></project>`,
      "src/main/resources/application.properties": "spring.datasource.url=jdbc:mysql://db/shop\n",
      "src/main/resources/application-dev.properties": "spring.datasource.url=jdbc:sqlite:dev.db\n",
    },
    expected: ["mysql"],
  },
  {
    title: "Rails: database.yml, cache, cable",
    files: {
      Gemfile: `gem "rails"\ngem "pg", group: :production\ngem "sqlite3", group: [:development, :test]\ngem "redis"\n`,
      "config/database.yml": `default: &default\n  adapter: sqlite3\ndevelopment:\n  <<: *default\nproduction:\n  adapter: postgresql\n  url: <%= ENV["DATABASE_URL"] %>\n`,
      "config/cable.yml":
        'development:\n  adapter: async\nproduction:\n  adapter: redis\n  url: <%= ENV.fetch("REDIS_URL") { "redis://localhost:6379/1" } %>\n',
      "db/schema.rb": `ActiveRecord::Schema.define do\n  enable_extension "plpgsql"\n  enable_extension "uuid-ossp"\nend`,
    },
    expected: ["postgres DATABASE_URL +uuid-ossp", "redis REDIS_URL"],
  },
  {
    title: "Laravel: what its sample chooses",
    files: {
      "composer.json": `{"require":{"laravel/framework":"^11","predis/predis":"^2"}}`,
      "config/database.php": `<?php return ['default' => env('DB_CONNECTION', 'sqlite'), 'redis' => ['client' => env('REDIS_CLIENT', 'phpredis')]];`,
      ".env.example": "DB_CONNECTION=mysql\nDB_HOST=127.0.0.1\nCACHE_STORE=redis\nQUEUE_CONNECTION=sync\n",
    },
    expected: ["mysql", "redis"],
  },
  {
    title: "plain PHP",
    files: { "index.php": `<?php $db = mysqli_connect(getenv('DB_HOST'));`, "composer.json": "{}" },
    expected: ["mysql"],
  },
  {
    title: ".NET",
    files: {
      "Api.csproj": `<Project><ItemGroup><PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="8"/><PackageReference Include="Microsoft.EntityFrameworkCore.Sqlite" Version="8"/></ItemGroup></Project>`,
      "Program.cs": `using Microsoft.EntityFrameworkCore;\nbuilder.Services.AddDbContext<Shop>(o => o.UseNpgsql(builder.Configuration.GetConnectionString("Main")));`,
    },
    expected: ["postgres ConnectionStrings__Main"],
  },
  {
    title: "Ecto",
    files: {
      "mix.exs": `defp deps do\n  [{:ecto_sql, "~> 3"}, {:postgrex, ">= 0.0.0"}]\nend`,
      "lib/shop/repo.ex": `use Ecto.Repo, otp_app: :shop, adapter: Ecto.Adapters.Postgres`,
      "config/runtime.exs": `url = System.get_env("DATABASE_URL") || raise "x"`,
      "priv/repo/migrations/1_a.exs": `execute "CREATE EXTENSION IF NOT EXISTS citext"`,
    },
    expected: ["postgres DATABASE_URL +citext"],
  },
  {
    title: "search and graphs",
    files: {
      ...pip("elasticsearch", "qdrant-client", "neo4j"),
      "a.py":
        "from elasticsearch import Elasticsearch\nfrom qdrant_client import QdrantClient\nfrom neo4j import GraphDatabase\nos.environ['NEO4J_URI']",
    },
    expected: ["elasticsearch", "qdrant", "neo4j NEO4J_URI"],
  },
  {
    title: "broken files",
    files: {
      "package.json": "{",
      "prisma/schema.prisma": "datasource {",
      "config/config.json": "[1,",
      "config/database.yml": "production:\n  adapter: <%",
    },
    expected: [],
  },
];

describe("stores of applications in other languages", () => {
  test.each(CASES)("$title", ({ files, expected }) => {
    expect(stores(files).toSorted()).toEqual(expected.toSorted());
  });
});
