import { expect, test } from "vitest";
import { deployedValue } from "./deployed-value.ts";
import { compose } from "./kinds/compose/kind.ts";
import { helm } from "./kinds/helm/kind.ts";
import { kubernetes } from "./kinds/kubernetes/kind.ts";
import { railway } from "./kinds/railway/kind.ts";
import { terraform } from "./kinds/terraform/kind.ts";
import type { PlannedService } from "./plan.ts";
import { plan, service, variable } from "./testing.ts";

const CASES = [
  ["kubernetes", kubernetes],
  ["kubernetes", helm],
  ["aws", terraform],
  ["gcp", terraform],
  ["azure", terraform],
  ["railway", railway],
] as const;

const written = (target: (typeof CASES)[number][0], kind: (typeof CASES)[number][1], given: Partial<PlannedService>) =>
  kind
    .render(plan({ target, services: [service("api", given)], stores: [] }))
    .map(({ text }) => text)
    .join("\n");

test.each(CASES)("%s: an address of the machine of a developer is not released", (target, kind) => {
  const at = (value: string) => variable("ORIGIN", { default: value, decided: true });
  for (const value of ["http://localhost:3000", "localhost", "redis://127.0.0.1:6379/0", "kafka:9092,localhost:9092"])
    expect(written(target, kind, { env: [at(value)] })).not.toContain(value);
  for (const value of ["https://localhost.example.com", "my-localhost-name", "https://example.com"])
    expect(written(target, kind, { env: [at(value)] })).toContain(value);
});

const SAMPLES = {
  S3_BUCKET: "my-bucket",
  MAIL_FROM: "hello@example.com",
  API_URL: "https://api.example.com",
  DB2: "x",
};

test.each(CASES)("%s: what a sample names is asked for, not released; what the manifest says is", (target, kind) => {
  const env = Object.entries(SAMPLES).map(([name, value]) => variable(name, { default: value }));
  const text = written(target, kind, { env });
  for (const [name, value] of Object.entries(SAMPLES)) {
    expect(text).toContain(name);
    expect(text).not.toMatch(new RegExp(`["' :=]${value}["'\\s]`));
  }
  const said = [variable("S3_BUCKET", { default: "acme-files", decided: true })];
  expect(written(target, kind, { env: said })).toContain("acme-files");
});

test("a sample stays in the files one works with; what is required and unknown stops a server by name", () => {
  const env = [
    ...Object.entries(SAMPLES).map(([name, value]) => variable(name, { default: value })),
    variable("SENTRY_SAMPLE", { required: false }),
    variable("VITE_API", { class: "public", phase: "build", default: "http://localhost:3000" }),
  ];
  const [server, work] = compose.render(plan({ target: "compose", services: [service("api", { env })], stores: [] }));
  for (const line of ["S3_BUCKET: ${S3_BUCKET:?set it in .env}", "VITE_API: ${VITE_API:?set it in .env}"])
    expect(server?.text).toContain(line);
  // Set to nothing it would go before what the code falls back to.
  expect(server?.text).toMatch(/SENTRY_SAMPLE:\n/);
  expect(work?.text).toContain("S3_BUCKET: ${S3_BUCKET:-my-bucket}");
  expect(work?.text).toContain("MAIL_FROM: ${MAIL_FROM:-hello@example.com}");
});

test("what runs on the machine of a developer is not in the container of the program", () => {
  const env = [
    variable("SMTP_HOST", { default: "localhost" }),
    variable("S3_ENDPOINT", { default: "http://127.0.0.1:9000" }),
    variable("CORS_ORIGIN", { default: "http://localhost:5173" }),
  ];
  const [, work] = compose.render(plan({ services: [service("api", { env })], stores: [] }));
  expect(work?.text).toContain("SMTP_HOST: ${SMTP_HOST:-host.docker.internal}");
  expect(work?.text).toContain("S3_ENDPOINT: ${S3_ENDPOINT:-http://host.docker.internal:9000}");
  expect(work?.text).toContain("- host.docker.internal:host-gateway\n");
  // A browser is asked from the machine itself.
  expect(work?.text).toContain("CORS_ORIGIN: ${CORS_ORIGIN:-http://localhost:5173}");
});

test.each<[name: string, value: string, deployed: string | null]>([
  ["LOG_LEVEL", "warn", "warn"],
  ["LOG_LEVEL", "debug", "info"],
  ["LOG_FORMAT", "json", "json"],
  ["METRICS_PORT", "9100", "9100"],
  ["FEATURE_NEW_CHECKOUT", "true", "true"],
  ["JWT_EXPIRES_IN", "15m", "15m"],
  ["MAX_UPLOAD_SIZE", "10mb", "10mb"],
  ["UPLOAD_DIR", "./uploads", "./uploads"],
  ["API_PREFIX", "/api/v1", "/api/v1"],
  ["LOCALES", "en,de", "en,de"],
  ["REPORT_CRON", "0 3 * * *", "0 3 * * *"],
  ["OPENAI_MODEL", "gpt-4o-mini", "gpt-4o-mini"],
  ["APP_NAME", "My Shop", "My Shop"],
  ["REQUIRE_EMAIL", "true", "true"],
  ["S3_BUCKET", "my-bucket", null],
  ["AWS_REGION", "us-east-1", null],
  ["AWS_ACCOUNT_ID", "123456789012", null],
  ["TELEGRAM_CHAT_ID", "-1001234", null],
  ["SMTP_HOST", "smtp.mailtrap.io", null],
  ["SMTP_PORT", "1025", null],
  ["SMTP_PORT", "587", "587"],
  ["ADMIN_EMAIL", "admin@example.com", null],
  ["API_URL", "https://api.example.com", null],
  ["CORS_ORIGIN", "*", null],
  ["ALLOWED_HOSTS", "example.com", null],
  ["QUEUE_NAME", "orders", null],
  ["KEY_FILE", ["", "home", "ann", "key.json"].join("/"), null],
  ["COOKIE_SECURE", "false", null],
  ["SKIP_AUTH", "true", null],
  ["PAYPAL_MODE", "sandbox", null],
])("%s=%s of a repository is %s in production", (name, value, deployed) => {
  expect(deployedValue(variable(name, { default: value }))).toBe(deployed);
});

test.each(CASES)("%s: files of a service of a workspace are kept where its image has them", (target, kind) => {
  const text = written(target, kind, { path: "apps/api", workspace: ".", state: ["data"] });
  expect(text).toContain("/app/apps/api/data");
  expect(text).not.toMatch(/\/app\/data/);
});

test.each([CASES[0], CASES[1], CASES[2]])("%s: what a framework writes to is memory", (target, kind) => {
  const text = written(target, kind, { framework: "next", path: "apps/web", workspace: "." });
  expect(text).toContain("/app/apps/web/.next/cache");
});

test.each(CASES)("%s: what developers switch on is off where users are", (target, kind) => {
  const env = [variable("APP_DEBUG", { default: "true" }), variable("NODE_ENV", { default: "development" })];
  const text = written(target, kind, { env });
  expect(text).toMatch(/APP_DEBUG\S*\s*[=:]?\s*"?(?:value: )?"?false/);
  expect(text).not.toContain("development");
});

test("compose: the same, but for the file that one works with", () => {
  const env = [
    variable("APP_ENV", { default: "local" }),
    variable("DEBUG", { default: "True" }),
    variable("LOG_ENV", { default: "staging" }),
  ];
  const [server, work] = compose.render(plan({ target: "compose", services: [service("api", { env })], stores: [] }));
  for (const line of ["APP_ENV: ${APP_ENV:-production}", "DEBUG: ${DEBUG:-False}", "LOG_ENV: ${LOG_ENV:-staging}"])
    expect(server?.text).toContain(line);
  expect(work?.text).toContain("DEBUG: ${DEBUG:-True}");
});

test("railway: a service writes to its volume as root, others run as the user of the image", () => {
  expect(written("railway", railway, { state: ["data"] })).toContain('RAILWAY_RUN_UID: "0"');
  expect(written("railway", railway, {})).not.toContain("RAILWAY_RUN_UID");
});
