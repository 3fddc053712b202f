import { expect, test } from "vitest";
import { planOf } from "../../test/generate/scan-and-plan.ts";
import { compose } from "./kinds/compose/kind.ts";
import { envExample } from "./kinds/env-example/kind.ts";
import type { Target } from "./plan.ts";
import { render } from "./render.ts";

const files = (more = "") => ({
  "package.json": JSON.stringify({
    name: "api",
    scripts: { start: "node server.js" },
    dependencies: { express: "4", "@aws-sdk/client-s3": "3" },
  }),
  "package-lock.json": "{}",
  "server.js": `const { S3Client } = require("@aws-sdk/client-s3");\nconst s3 = new S3Client({});\nconst bucket = process.env.S3_BUCKET;\nif (!bucket) throw new Error("S3_BUCKET");\n${more}\nrequire("express")().listen(process.env.PORT || 3000);\n`,
});
const KEYS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

test("keys that a client of S3 reads by itself are named in every file", () => {
  // A key of the application itself is none of a bucket.
  const plan = planOf(files("const key = process.env.SECRET_KEY;"));
  const made = render(plan, [compose, envExample]);
  for (const key of KEYS) {
    expect(made.get("compose.yaml")?.text).toContain(`${key}: \${${key}:?set it in .env}`);
    expect(made.get("compose.dev.yaml")?.text).toContain(`${key}:\n`);
    expect(made.get(".env.example")?.text).toContain(`\n${key}=\n`);
  }
  expect(plan.assumptions).toContainEqual(expect.stringMatching(/api keeps files in S3.*AWS_ACCESS_KEY_ID/));
});

test("code that takes keys of its own needs no others", () => {
  const own =
    "new S3Client({ credentials: { accessKeyId: process.env.S3_ACCESS_KEY, secretAccessKey: process.env.S3_SECRET_KEY } });";
  const text = render(planOf(files(own)), [compose]).get("compose.yaml")?.text;
  for (const key of KEYS) expect(text).not.toContain(key);
  expect(text).toContain("S3_SECRET_KEY: ${S3_SECRET_KEY:?set it in .env}");
});

test.each<[target: Target, required: boolean | undefined]>([
  ["railway", true],
  ["gcp", true],
  // A pod may have a role.
  ["kubernetes", false],
  // A task has one.
  ["aws", undefined],
])("%s: keys are required: %s", (target, required) => {
  const [api] = planOf(files(), { target }).services;
  for (const key of KEYS) expect(api?.env.find(({ name }) => name === key)?.required).toBe(required);
});

test("what has no pages compiles nothing into them", () => {
  const [api] = planOf(files("const url = process.env.PUBLIC_URL;")).services;
  expect(api?.env.find(({ name }) => name === "PUBLIC_URL")).toMatchObject({ phase: "run", class: "config" });
});

test("what the code falls back to on its own machine is asked for where it is a store, and told where it is not", () => {
  const plan = planOf({
    "package.json": JSON.stringify({
      name: "api",
      scripts: { start: "node server.js" },
      dependencies: { express: "4", kafkajs: "2" },
    }),
    "package-lock.json": "{}",
    "server.js":
      'const { Kafka } = require("kafkajs");\nnew Kafka({ brokers: [process.env.KAFKA_BROKERS || "localhost:9092"] });\nconst site = process.env.SITE_URL || "http://localhost:3000";\nrequire("express")().listen(process.env.PORT || 3000);\n',
  });
  const text = render(plan, [compose]).get("compose.yaml")?.text;
  expect(text).toContain("KAFKA_BROKERS: ${KAFKA_BROKERS:?set it in .env}");
  expect(text).toContain("SITE_URL:\n");
  expect(plan.assumptions).toContainEqual("api falls back to an address of its own machine where SITE_URL is not set");
});

test("a key that the framework needs is required, though settings could do without", () => {
  const plan = planOf({
    "composer.json": JSON.stringify({ require: { php: "^8.3", "laravel/framework": "^11.0" } }),
    "composer.lock": "{}",
    artisan: "<?php\n",
    "public/index.php": "<?php\n",
    "config/app.php": "<?php return ['key' => env('APP_KEY'), 'url' => env('APP_URL', 'http://localhost')];\n",
    "config/database.php":
      "<?php return ['default' => env('DB_CONNECTION', 'pgsql'), 'connections' => ['pgsql' => ['driver' => 'pgsql', 'host' => env('DB_HOST', '127.0.0.1')]]];\n",
  });
  const text = render(plan, [compose]).get("compose.yaml")?.text;
  expect(text).toContain("APP_KEY: ${APP_KEY:?set it in .env}");
  expect(plan.assumptions.join("\n")).toMatch(/own machine where APP_URL is not set/);
});
