import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryFiles } from "./files.ts";
import { scan } from "./scan.ts";

/** Names that some rule reads. */
const NAMES = (
  "package.json package-lock.json pnpm-lock.yaml pnpm-workspace.yaml yarn.lock tsconfig.json deno.json next.config.js vite.config.ts turbo.json nx.json lerna.json " +
  "requirements.txt pyproject.toml Pipfile Pipfile.lock setup.py setup.cfg manage.py main.py app.py poetry.lock uv.lock alembic.ini " +
  "go.mod go.work main.go Cargo.toml Cargo.lock src/main.rs pom.xml build.gradle build.gradle.kts settings.gradle gradle/libs.versions.toml " +
  "src/main/resources/application.yml src/main/resources/application.properties Gemfile Gemfile.lock config.ru config/routes.rb config/database.yml config/puma.rb " +
  "composer.json composer.lock artisan public/index.php app.csproj app.sln global.json Program.cs appsettings.json mix.exs config/runtime.exs lib/a_web/router.ex " +
  "Dockerfile docker-compose.yml compose.yaml Procfile fly.toml railway.json railway.toml .railway/railway.ts vercel.json vercel.ts netlify.toml render.yaml app.json " +
  "app.yaml serverless.yml template.yaml main.tf Chart.yaml values.yaml k8s/deployment.yaml kustomization.yaml .github/workflows/ci.yml .gitlab-ci.yml Jenkinsfile " +
  ".env .env.example .nvmrc .node-version .tool-versions .python-version runtime.txt .ruby-version rust-toolchain.toml prisma/schema.prisma wrangler.toml " +
  "hugo.toml _config.yml mkdocs.yml index.html server.js src/server.ts .gitignore .gitattributes .gitmodules SPEC-1/spec.md Makefile justfile db/migrations/1.sql " +
  "firebase.json heroku.yml nixpacks.toml nginx.conf Caddyfile supervisord.conf angular.json svelte.config.js astro.config.mjs nuxt.config.ts pubspec.yaml build.sbt"
).split(" ");

const bytes = fc.uint8Array({ maxLength: 200 });
const shapes = fc.oneof(
  fc.json({ maxDepth: 6 }),
  fc.constantFrom(
    "null",
    "[]",
    "{}",
    "0",
    '""',
    "true",
    "[[]]",
    '{"scripts":[],"dependencies":null,"workspaces":{"packages":7}}',
    '{"scripts":{"start":{}}}',
  ),
  fc.constantFrom(
    "a:\n  - b\n - c",
    "- - -",
    "? ? ?",
    "&a *a",
    "<<: 1",
    "services:\n  - a\n",
    "services:\n  web: null\n",
    "jobs: 3",
    "on: {push: }",
  ),
  fc.constantFrom(
    "[a]\nb=",
    "[[a]]\n[a]",
    "a.b.c = 1\n[a.b]",
    "[project]\nscripts = 3\ndependencies = 4",
    "[tool.poetry]\ndependencies = []",
  ),
  fc.constantFrom(
    "<project>",
    "<project><dependencies/><parent/></project>",
    "<a b=",
    "<!DOCTYPE x [<!ENTITY a '&a;'>]><x>&a;</x>",
  ),
  fc.constantFrom(
    "module",
    "require (\n",
    "use (",
    "FROM\nFROM a AS\nCMD [",
    "COPY --from=\\",
    "web:",
    ":",
    "= =",
    "export =",
    "${",
    "`${`${",
    "'''",
    '"""',
    "/*",
    "<?php",
    "do do do end",
  ),
);
const body = fc.oneof(bytes, shapes, fc.string({ unit: "binary", maxLength: 200 }));
const tree = fc.dictionary(fc.constantFrom(...NAMES, ...NAMES.map((name) => `services/a/${name}`)), body, {
  minKeys: 1,
  maxKeys: 12,
});

test("no bytes make a scan throw", () => {
  fc.assert(
    fc.property(tree, (files) => {
      const report = scan(memoryFiles(files as Record<string, string | Uint8Array>));
      JSON.stringify(report);
    }),
    { numRuns: 400 },
  );
}, 60_000);

test.each(NAMES)("%s of any words", (name) => {
  fc.assert(
    fc.property(body, (text) => {
      const report = scan(memoryFiles({ [name]: text, [`services/a/${name}`]: text }));
      expect(Object.keys(report.facts).length).toBeLessThan(1_000);
    }),
    { numRuns: 30 },
  );
});

const NEST = "[".repeat(50_000);
test.each([
  ["package.json", NEST],
  ["package.json", `{"scripts":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`],
  ["compose.yaml", `services: ${"{a: ".repeat(5_000)}`],
  ["pyproject.toml", `a = ${NEST}`],
  ["pom.xml", "<a>".repeat(50_000)],
  ["server.js", "f(".repeat(50_000)],
  ["server.js", "`${".repeat(50_000)],
  ["server.js", `app.use("/a", ${"require('./a'), ".repeat(2_000)}`],
  ["main.go", `package main\n${'r := r.Group("/a")\n'.repeat(3_000)}`],
  ["config/routes.rb", "namespace :a do\n".repeat(5_000)],
  ["main.py", "include_router(a)\n".repeat(3_000)],
  ["requirements.txt", "-r requirements.txt\n".repeat(100)],
  ["Dockerfile", "FROM a AS a\n".repeat(3_000)],
  [".gitignore", "*a*a*a*a*a*a*a*a*a*b\n".repeat(500)],
])("%s: %.30s", (name, text) => {
  const start = performance.now();
  scan(memoryFiles({ [name]: text, "a/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.txt": "" }));
  expect(performance.now() - start).toBeLessThan(6_000);
});
