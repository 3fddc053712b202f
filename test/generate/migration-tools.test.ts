import { describe, expect, test } from "vitest";
import { compose } from "../../src/generate/kinds/compose/kind.ts";
import { dockerfile } from "../../src/generate/kinds/dockerfile/kind.ts";
import { kubernetes } from "../../src/generate/kinds/kubernetes/kind.ts";
import { prepare } from "../../src/generate/prepare.ts";
import { render } from "../../src/generate/render.ts";
import { planOf } from "./scan-and-plan.ts";
import type { Files } from "./types.ts";

const GO = {
  "go.mod": "module x\n\ngo 1.24\n\nrequire github.com/lib/pq v1.10.9\n",
  "go.sum": "x\n",
  "main.go":
    'package main\n\nimport (\n\t"database/sql"\n\t"net/http"\n\t"os"\n\n\t_ "github.com/lib/pq"\n)\n\nfunc main() {\n\tsql.Open("postgres", os.Getenv("DATABASE_URL"))\n\thttp.ListenAndServe(":8080", nil)\n}\n',
};
const GOOSE = { ...GO, "db/sql/001_init.sql": "-- +goose Up\nCREATE TABLE a ();\n" };
const RUST = (crate: string, lock: string) => ({
  "Cargo.toml": `[package]\nname = "api"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\naxum = "0.7"\n${crate}\n`,
  "Cargo.lock": lock,
  "src/main.rs":
    'fn main() { let url = std::env::var("DATABASE_URL").unwrap(); let l = TcpListener::bind("0.0.0.0:8080"); axum::serve(l, Router::new()); }\n',
});

interface Case {
  files: Files;
  /** Parts of the Dockerfile. */
  image: (string | RegExp)[];
  /** The command of the migration in compose.yaml. */
  command: string;
}

const CASES: Record<string, Case> = {
  goose: {
    files: GOOSE,
    image: [
      /FROM golang:1\.25\S* AS migrator\nRUN CGO_ENABLED=0 go install github\.com\/pressly\/goose\/v3\/cmd\/goose@v\d+\.\d+\.\d+\n/,
      "COPY --from=migrator /go/bin/goose /usr/local/bin/goose",
      "COPY db/sql ./db/sql",
    ],
    command: 'exec goose -dir db/sql postgres "$$DATABASE_URL" up',
  },
  "goose of the version that the module has": {
    files: { ...GOOSE, "go.mod": `${GO["go.mod"]}require github.com/pressly/goose/v3 v3.24.1\n` },
    image: [/FROM golang:1\.24\S* AS migrator\n/, "goose@v3.24.1"],
    command: 'exec goose -dir db/sql postgres "$$DATABASE_URL" up',
  },
  "golang-migrate": {
    files: {
      ...GO,
      "migrations/1_init.up.sql": "create table a ();\n",
      "migrations/1_init.down.sql": "drop table a;\n",
    },
    image: [/FROM migrate\/migrate:v4\S* AS migrator\n/, "COPY --from=build /src/migrations ./migrations"],
    command: 'exec migrate -path migrations -database "$$DATABASE_URL" up',
  },
  atlas: {
    files: {
      ...GO,
      "atlas.hcl": 'env "prod" {\n  url = getenv("DATABASE_URL")\n  migration { dir = "file://db/changes" }\n}\n',
      "db/changes/1.sql": "create table a ();\n",
    },
    image: [
      "COPY --from=migrator /atlas /usr/local/bin/atlas",
      "COPY atlas.hcl ./atlas.hcl",
      "COPY db/changes ./db/changes",
    ],
    command: "- atlas\n      - migrate\n      - apply\n      - --env\n      - prod",
  },
  "dbmate beside Python": {
    files: {
      "requirements.txt": "fastapi==0.115.0\nuvicorn==0.32.0\npsycopg==3.2.3\n",
      "main.py":
        'import os\nfrom fastapi import FastAPI\nimport psycopg\n\napp = FastAPI()\ndb = psycopg.connect(os.environ["DATABASE_URL"])\n',
      "db/migrations/1_init.sql": "-- migrate:up\ncreate table a ();\n",
    },
    image: ["COPY --from=migrator /usr/local/bin/dbmate /usr/local/bin/dbmate"],
    // It would dump the schema, by a program that is not there, to where nothing can be written.
    command: "- dbmate\n      - --no-dump-schema\n      - up",
  },
  sqlx: {
    files: {
      ...RUST(
        'sqlx = "0.8"',
        '[[package]]\nname = "sqlx"\nversion = "0.8.2"\n\n[[package]]\nname = "sqlx-postgres"\nversion = "0.8.2"\n',
      ),
      "migrations/20240101_init.sql": "create table a ();\n",
    },
    image: [
      "cargo install sqlx-cli --version ~0.8 --locked --no-default-features --features rustls,postgres",
      "/src/migrations",
    ],
    command: "- sqlx\n      - migrate\n      - run",
  },
  diesel: {
    files: {
      ...RUST(
        'diesel = { version = "2.2", features = ["postgres"] }',
        '[[package]]\nname = "diesel"\nversion = "2.2.4"\n\n[[package]]\nname = "pq-sys"\nversion = "0.6.3"\n',
      ),
      "migrations/1_init/up.sql": "create table a ();\n",
    },
    image: ["cargo install diesel_cli --version ~2.2 --locked --no-default-features --features postgres", "libpq5"],
    command: "- --migration-dir\n      - migrations",
  },
};

const made = (files: Files) => render(planOf(files), [dockerfile, compose]);

describe("a tool of migrations that no package brings is in the image", () => {
  test.each(Object.entries(CASES))("%s", async (_, { files, image, command }) => {
    const all = made(files);
    for (const part of image) expect(all.get("Dockerfile")?.text).toMatch(part);
    const kinds = ["dockerfile", "compose"];
    const { findings } = await prepare({
      plan: planOf(files),
      current: (path) => files[path],
      kinds,
      today: "2026-01-01",
    });
    expect(findings).toEqual([]);
    expect(all.get("compose.yaml")?.text).toContain(command);
    expect(all.get("compose.dev.yaml")?.text).toContain(command);
  });
});

test("it runs before a release elsewhere too", () => {
  const jobs = render(planOf(GOOSE, { target: "kubernetes" }), [kubernetes]).get("deploy/k8s/migrate/jobs.yaml");
  expect(jobs?.text).toContain('exec goose -dir db/sql postgres "$DATABASE_URL" up');
});

test("the database beside the programs has no TLS, which programs of Go ask for", () => {
  expect(made(GOOSE).get("compose.yaml")?.text).toContain("@db:5432/app?sslmode=disable\n");
});

test("the tool finds the database where the program reads another variable", () => {
  const files = { ...GOOSE, "main.go": GO["main.go"].replace("DATABASE_URL", "POSTGRES_DSN") };
  const text = made(files).get("compose.yaml")?.text;
  for (const name of ["DATABASE_URL", "POSTGRES_DSN"])
    expect(text).toMatch(new RegExp(`${name}: postgresql://app:.*@db:5432`));
});

test("a Dockerfile of people is not said to have it", () => {
  const Dockerfile = 'FROM golang:1.24\nCOPY . .\nRUN go build -o /api .\nCMD ["/api"]\n';
  const plan = planOf({ ...GOOSE, Dockerfile });
  expect(plan.services[0]?.migrations).toBeNull();
  expect(plan.assumptions).toContainEqual(
    expect.stringMatching(
      /the image has no goose: run `goose -dir db\/sql .* up` from a checkout .* before each release/,
    ),
  );
  const theirs = planOf({
    ...GOOSE,
    Dockerfile: `${Dockerfile}RUN go install github.com/pressly/goose/v3/cmd/goose@v3.24.1\n`,
  });
  expect(theirs.services[0]?.migrations?.tool).toBe("goose");
});

test("Flyway of a build tool stays with the pipeline, and a note says how", () => {
  const { assumptions } = planOf({
    "build.gradle":
      "plugins { id 'application'\n id 'org.flywaydb.flyway' version '10.0.0' }\ndependencies { implementation 'io.javalin:javalin:6.3.0' }\n",
    gradlew: "#!/bin/sh\n",
    "src/main/java/App.java":
      "import io.javalin.Javalin;\npublic class App { public static void main(String[] a) { Javalin.create().start(7070); } }\n",
    "src/main/resources/db/migration/V1__init.sql": "create table a ();\n",
  });
  expect(assumptions).toContainEqual(
    expect.stringContaining("let the pipeline, which has Java and the build tool, run `./gradlew flywayMigrate`"),
  );
});
