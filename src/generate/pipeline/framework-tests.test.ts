import { expect, test } from "vitest";
import { memoryTree } from "../../formats/tree.ts";
import { checkFiles } from "../../lint/check.ts";
import { githubActions } from "../kinds/github-actions/kind.ts";
import { gitlab } from "../kinds/gitlab/kind.ts";
import type { PlannedService } from "../plan.ts";
import { plan, service, variable } from "../testing.ts";
import { commandsOf } from "./commands.ts";

const DB = { name: "db", kind: "postgres" as const, version: "16", variables: ["DATABASE_URL"], extensions: [] };
const given = (one: Partial<PlannedService>, files: Record<string, string>) =>
  plan({ services: [service("app", { path: ".", test: null, ...one })], stores: [DB], tree: memoryTree(files) });
const testOf = (one: Partial<PlannedService>, files: Record<string, string>) => {
  const made = given(one, files);
  const [only] = made.services;
  return only && commandsOf(only, made).test;
};

const DJANGO: Partial<PlannedService> = {
  ...{ language: "Python", runtime: { name: "python", version: "3.13" }, framework: "django" },
  ...{ packageManager: "pip", lockfile: "requirements.txt", stores: ["db"] },
  migrations: { tool: "django", command: "python manage.py migrate --noinput" },
};
const MANAGE = { "manage.py": "", "requirements.txt": "django\n" };
const CHECKS = "python manage.py check --deploy && python manage.py makemigrations --check --dry-run";

test.each<[string, Partial<PlannedService>, string]>([
  ["no test yet", {}, `${CHECKS} && python manage.py test`],
  ["its own tests", { test: "python manage.py test" }, `${CHECKS} && python manage.py test`],
  ["tests of pytest", { test: "python -m pytest" }, `${CHECKS} && python -m pytest`],
  [
    "packages of uv",
    { packageManager: "uv" },
    "uv run python manage.py check --deploy && uv run python manage.py makemigrations --check --dry-run && uv run python manage.py test",
  ],
])("Django with %s", (_, one, expected) => {
  expect(testOf({ ...DJANGO, ...one }, MANAGE)).toBe(expected);
});

test("settings that Django cannot be imported without get a value, stores their address, and no rule objects", async () => {
  const env = [
    variable("DATABASE_URL", { class: "secret", store: "db" }),
    variable("SECRET_KEY", { class: "secret" }),
    variable("DEBUG"),
    variable("ALLOWED_HOSTS"),
    variable("SITE_URL"),
    variable("LOG_LEVEL", { required: false }),
    variable("PORT", { class: "provided" }),
  ];
  const made = given({ ...DJANGO, env }, MANAGE);
  const files = [...githubActions.render(made), ...gitlab.render({ ...made, ci: "gitlab" })];
  const ci = files.find(({ path }) => path.endsWith("/ci.yml"))?.text ?? "";
  expect(ci).toContain("export SECRET_KEY=unused DEBUG=false ALLOWED_HOSTS=localhost SITE_URL=http://localhost && ");
  expect(ci).toContain("DATABASE_URL: postgresql://app@");
  expect(files.find(({ path }) => path === ".gitlab-ci.yml")?.text).toContain("makemigrations --check --dry-run");
  const tree = memoryTree({ ...MANAGE, ...Object.fromEntries(files.map(({ path, text }) => [path, text])) });
  const found = await checkFiles({ tree, only: files.map(({ path }) => path), today: "2026-01-01" });
  expect(found.filter(({ suppressed }) => !suppressed)).toEqual([]);
});

test("without manage.py the tests are as they are", () => {
  expect(testOf({ ...DJANGO, test: "pytest" }, {})).toBe("pytest");
  expect(
    testOf(
      { ...DJANGO, migrations: { tool: "django", command: "python src/manage.py migrate" } },
      { "src/manage.py": "" },
    ),
  ).toContain("python src/manage.py check --deploy");
});

const PHP = {
  language: "PHP",
  runtime: { name: "php", version: "8.4" },
  framework: "laravel",
  packageManager: "composer",
  lockfile: null,
};

test.each<[string, Record<string, string>, string | null, string | null]>([
  [
    "its sample of settings",
    { artisan: "", ".env.example": "" },
    "php artisan test",
    "cp .env.example .env && php artisan key:generate && php artisan test",
  ],
  ["no sample", { artisan: "" }, "php artisan test", "php artisan test"],
  ["no tests", { artisan: "", ".env.example": "" }, null, null],
])("Laravel with %s", (_, files, command, expected) => {
  expect(testOf({ ...PHP, test: command }, files)).toBe(expected);
});

test.each<[string, Partial<PlannedService>, string | null]>([
  [
    "Rails",
    {
      language: "Ruby",
      runtime: { name: "ruby", version: null },
      packageManager: "bundler",
      framework: "rails",
      test: "bundle exec rails test",
    },
    "bundle exec rails test",
  ],
  [
    "Spring",
    { language: "Java", runtime: { name: "java", version: "21" }, packageManager: "maven" },
    "mvn -B -ntp verify",
  ],
  ["Go", { language: "Go", runtime: { name: "go", version: "1.25" }, packageManager: "go" }, "go test ./..."],
  [
    ".NET",
    { language: "C#", runtime: { name: "dotnet", version: "8.0" }, packageManager: "nuget" },
    "dotnet test --configuration Release --no-restore",
  ],
  ["Phoenix", { language: "Elixir", runtime: { name: "elixir", version: null }, packageManager: "mix" }, "mix test"],
])("%s runs the tests of its ecosystem", (_, one, expected) => {
  expect(testOf(one, {})).toBe(expected);
});
