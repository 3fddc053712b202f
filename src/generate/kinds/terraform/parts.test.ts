import { expect, test } from "vitest";
import { memoryTree } from "../../../formats/tree.ts";
import { plan, service, variable } from "../../testing.ts";
import { awsCron } from "./aws/schedules.ts";
import { fargateSize } from "./aws/task.ts";
import { sizeOf } from "./azure/container.ts";
import { environmentOf } from "./environment.ts";
import { terraform } from "./kind.ts";
import { fitted, hostOf, slug } from "./naming.ts";
import { type StoreAddress, storeValue } from "./store-address.ts";
import { cloudPlan, PLANS } from "./testing.ts";
import { cronFields, workloadsOf } from "./workloads.ts";

test.each([
  ["My Very Long Project Name", 20, "my-very-long-project"],
  ["shop--API_1", 20, "shop-api-1"],
  ["2048", 20, "app-2048"],
  ["ÄÖ!", 20, "app"],
  ["abc-def", 4, "abc"],
])("%j in %i characters is %s", (text, longest, expected) => {
  expect(slug(text, longest)).toBe(expected);
});

test("what is cut off a name leaves a mark, so that two names stay two", () => {
  expect(fitted("shop--API_1", 20)).toBe("shop-api-1");
  const [one, other] = ["notifications-of-orders", "notifications-of-users"].map((name) => fitted(name, 20));
  expect(one).toMatch(/^notifications-o-[0-9a-f]{4}$/);
  expect(other).toMatch(/^notifications-o-[0-9a-f]{4}$/);
  expect(one).not.toBe(other);
});

test.each([
  ["pages before what calls itself web", { web: {}, docs: { role: "static", kind: "static" } }, "docs"],
  ["what renders pages", { api: {}, shop: { kind: "ssr" } }, "shop"],
  ["what is called like pages", { api: {}, "shop-frontend": {} }, "shop-frontend"],
  ["the first", { users: {}, orders: {} }, "users"],
  ["never a worker", { web: { role: "worker", port: null }, api: {} }, "api"],
] as const)("the domain is that of %s", (_, given, front) => {
  const services = Object.entries(given).map(([name, more]) => service(name, more));
  const all = plan({ services });
  const hosts = services.map((item) => [item.name, hostOf(item, all)]);
  expect(hosts.find(([, host]) => host === "${var.domain}")?.[0]).toBe(front);
  expect(new Set(hosts.map(([, host]) => host)).size).toBe(services.length);
});

test.each([
  [{ cpu: 0.25, memory: 512 }, 60, "1", "512Mi", 3 * 20],
  [{ cpu: 2, memory: 512 }, 30, "2", "512Mi", 3 * 10],
  [{ cpu: 0.5, memory: 10_240 }, 120, "4", "10240Mi", 10 * 12],
  [{ cpu: 16, memory: 65_536 }, 900, "8", "32768Mi", 10 * 24],
])("Cloud Run takes %j and a start of %i seconds", (resources, startup, cpu, memory, seconds) => {
  const text = terraform
    .render(cloudPlan("gcp", { services: [service("api", { resources, startup })], stores: [] }))
    .map((file) => file.text)
    .join("\n");
  expect(/cpu\s+= "(\d+)"/.exec(text)?.[1]).toBe(cpu);
  expect(/memory\s+= "(\w+)"/.exec(text)?.[1]).toBe(memory);
  const probe =
    /startup_probe \{\s+period_seconds\s+= (\d+)\s+timeout_seconds\s+= \d+\s+failure_threshold = (\d+)/.exec(text);
  expect(Number(probe?.[1]) * Number(probe?.[2])).toBe(seconds);
});

test.each([
  ["0 3 * * *", "cron(0 3 * * ? *)"],
  ["*/5 8-18 * * 1-5", "cron(*/5 8-18 ? * MON-FRI *)"],
  ["0 0 1 * *", "cron(0 0 1 * ? *)"],
  ["0 0 * jan 0,7", "cron(0 0 ? JAN SUN,SUN *)"],
  ["0 0 * * mon", "cron(0 0 ? * MON *)"],
  ["0 0 1 * 1", undefined],
  ["0 0", undefined],
])("the schedule %s is %s on AWS", (schedule, expected) => {
  expect(awsCron(schedule)).toBe(expected);
});

test.each([
  ["@daily", "0 0 * * *"],
  ["  5  4 * * * ", "5 4 * * *"],
  ["@reboot", undefined],
  ["every 5 minutes", undefined],
  ['0 0 * * "', undefined],
])("%j has the fields %s", (schedule, expected) => {
  expect(cronFields(schedule)).toBe(expected);
});

test.each([
  [
    { cpu: 0.1, memory: 64 },
    { cpu: 256, memory: 512 },
  ],
  [
    { cpu: 0.25, memory: 3_000 },
    { cpu: 512, memory: 3_072 },
  ],
  [
    { cpu: 1.5, memory: 512 },
    { cpu: 2_048, memory: 4_096 },
  ],
  [
    { cpu: 64, memory: 64_000 },
    { cpu: 4_096, memory: 30_720 },
  ],
])("Fargate runs %j as %j", (wanted, size) => {
  expect(fargateSize(wanted)).toEqual(size);
});

test.each([
  [
    { cpu: 0.1, memory: 64 },
    { cpu: 0.25, memory: "0.5Gi" },
  ],
  [
    { cpu: 0.5, memory: 1_536 },
    { cpu: 0.75, memory: "1.5Gi" },
  ],
  [
    { cpu: 64, memory: 64_000 },
    { cpu: 4, memory: "8Gi" },
  ],
])("Container Apps run %j as %j", (wanted, size) => {
  expect(sizeOf(wanted)).toEqual(size);
});

const used = (name: string) => ({ runtime: { name, version: null }, sqlDrivers: {}, checkedTls: false });
const POSTGRES: StoreAddress = {
  kind: "postgres",
  host: "${db.host}",
  port: "5432",
  user: "app",
  password: "${db.password}",
  name: "app",
  tls: true,
};

test.each([
  ["DATABASE_URL", "node", "postgresql://app:${urlencode(db.password)}@${db.host}:5432/app?sslmode=require", true],
  [
    "SPRING_DATASOURCE_URL",
    "java",
    "jdbc:postgresql://${db.host}:5432/app?user=app&password=${urlencode(db.password)}&sslmode=require",
    true,
  ],
  [
    "ConnectionStrings__Default",
    "dotnet",
    "Host=${db.host};Port=5432;Database=app;Username=app;Password=${db.password};SSL Mode=Require",
    true,
  ],
  ["DB_HOST", "python", "${db.host}", false],
  ["PGPORT", "python", "5432", false],
  ["POSTGRES_USER", "python", "app", false],
  ["POSTGRES_PASSWORD", "python", "${db.password}", true],
  ["POSTGRES_DB", "python", "app", false],
  ["DATABASE", "python", "app", false],
])("%s of a database in %s", (name, runtime, value, secret) => {
  expect(storeValue({ name }, POSTGRES, used(runtime))).toEqual({ value, secret });
});

test.each([
  ["psycopg", "postgresql+psycopg://app:${urlencode(db.password)}@${db.host}:5432/app?sslmode=require"],
  ["asyncpg", "postgresql+asyncpg://app:${urlencode(db.password)}@${db.host}:5432/app?ssl=require"],
  ["pg8000", "postgresql+pg8000://app:${urlencode(db.password)}@${db.host}:5432/app"],
])("an address for SQLAlchemy with %s", (driver, value) => {
  const service = { runtime: { name: "python", version: null }, sqlDrivers: { postgres: driver }, checkedTls: false };
  expect(storeValue({ name: "DATABASE_URL" }, POSTGRES, service)?.value).toBe(value);
});

test("node-postgres is told not to check, and a program of the JVM gets an address for JDBC", () => {
  const node = { ...used("node"), checkedTls: true };
  expect(storeValue({ name: "DATABASE_URL" }, POSTGRES, node)?.value).toMatch(/:5432\/app\?sslmode=no-verify$/);
  expect(storeValue({ name: "ORDERS_DB", form: "jdbc" }, POSTGRES, used("java"))?.value).toMatch(
    /^jdbc:postgresql:\/\//,
  );
});

test("a cache with a password, and a bucket", () => {
  const redis = { ...POSTGRES, kind: "redis" as const, user: null, port: "6379" };
  expect(storeValue({ name: "REDIS_URL" }, redis, used("node"))?.value).toBe(
    "rediss://:${urlencode(db.password)}@${db.host}:6379/0",
  );
  expect(storeValue({ name: "REDIS_USER" }, redis, used("node"))).toBeUndefined();
  const bucket = { ...POSTGRES, kind: "s3" as const, name: "files" };
  expect(storeValue({ name: "UPLOADS_BUCKET" }, bucket, used("node"))).toEqual({ value: "files", secret: false });
  expect(storeValue({ name: "S3_ENDPOINT" }, bucket, used("node"))).toBeUndefined();
});

test("each variable has one place", () => {
  const api = service("api", {
    env: [
      variable("CI", { class: "provided" }),
      variable("VITE_X", { class: "public", phase: "build" }),
      variable("LOG_LEVEL", { default: "info" }),
      variable("SITE_URL"),
      variable("THEME", { required: false }),
      variable("KEY", { class: "secret" }),
      variable("DATABASE_URL", { class: "secret", store: "db" }),
    ],
  });
  const found = environmentOf(api, plan(), () => POSTGRES);
  expect(found.fixed.map(({ name }) => name)).toEqual(["PORT", "LOG_LEVEL"]);
  expect(found.open).toEqual([
    { name: "SITE_URL", required: true },
    { name: "THEME", required: false },
  ]);
  expect(found.secret.map(({ name, value }) => [name, value !== null])).toEqual([
    ["KEY", false],
    ["DATABASE_URL", true],
  ]);
});

test("all programs of a service", () => {
  const api = service("api", {
    processes: [{ name: "worker", command: "node worker.js" }],
    crons: [{ name: "Nightly Run", schedule: "@daily", command: "a && b" }],
    migrations: { tool: "prisma", command: "prisma migrate deploy" },
  });
  expect(workloadsOf(api).map(({ name, kind, command }) => [name, kind, command])).toEqual([
    ["api", "server", null],
    ["api-worker", "worker", ["node", "worker.js"]],
    ["api-nightly-run", "schedule", ["sh", "-c", "a && b"]],
    ["api-migrate", "task", ["prisma", "migrate", "deploy"]],
  ]);
  const report = service("report", {
    role: "cron",
    port: null,
    crons: [{ name: "report", schedule: "0 6 * * 1", command: null }],
  });
  expect(workloadsOf(report).map(({ name, kind }) => [name, kind])).toEqual([["report", "schedule"]]);
});

/** All text of a cloud for a plan. */
function textOf(provider: "aws" | "gcp" | "azure", name: string): string {
  return terraform
    .render(cloudPlan(provider, PLANS[name] ?? {}))
    .map(({ text }) => text)
    .join("\n");
}

test.each([
  ["aws", /values\s+= \["repo:acme\/shop:environment:\$\{var\.environment\}"\]/],
  ["gcp", /subject\/repo:acme\/shop:environment:\$\{var\.environment\}"/],
  ["azure", /subject\s+= "repo:acme\/shop:environment:\$\{var\.environment\}"/],
] as const)("%s trusts jobs of the repository in the environment of the same name", (provider, subject) => {
  expect(textOf(provider, "one service")).toMatch(subject);
  expect(textOf(provider, "another pipeline")).not.toContain("token.actions.githubusercontent.com");
  expect(textOf(provider, "no repository and no domain")).toMatch(/variable "repository"/);
});

test.each([
  ["aws", 'values   = ["project_path:acme/shop:ref_type:branch:ref:main"]', "values   = [var.pipeline_subject]"],
  [
    "gcp",
    "assertion.project_path == 'acme/shop' && assertion.environment",
    "assertion.sub == '${var.pipeline_subject}'",
  ],
  ["azure", 'subject             = "project_path:acme/shop:ref_type:branch:ref:main"', "= var.pipeline_subject"],
] as const)("%s trusts jobs of GitLab and Jenkins as their tokens name them", (provider, gitlab, jenkins) => {
  expect(textOf(provider, "another pipeline")).toContain(gitlab);
  expect(textOf(provider, "another pipeline")).toContain('default     = "https://gitlab.com"');
  expect(textOf(provider, "a pipeline of one's own")).toContain(jenkins);
});

test.each(["aws", "gcp", "azure"] as const)("%s: no value of a secret, no password in the state", (provider) => {
  const text = textOf(provider, "all stores");
  expect(text).not.toMatch(/^\s+password\s+=/m);
  expect(text).toMatch(/password_wo\s+= ephemeral\./);
  expect(text).toMatch(/contains\(var\.optional_secrets, name\)/);
});

test.each(["aws", "gcp", "azure"] as const)("%s: port, health path and command come from the plan", (provider) => {
  const files = terraform.render(
    cloudPlan(provider, {
      services: [
        service("api", {
          port: 4_321,
          health: "/alive",
          processes: [{ name: "mail", command: "node mail.js" }],
        }),
      ],
      stores: [],
      tree: memoryTree({}),
    }),
  );
  const text = files.map((file) => file.text).join("\n");
  expect(text).toContain("4321");
  expect(text).toContain('"/alive"');
  expect(text).toMatch(/command\s+= \["node", "mail\.js"\]/);
});
