import { describe, expect, test } from "vitest";
import { type ReadCase, variablesRead } from "./testing.ts";

const CASES: ReadCase[] = [
  {
    title: "in strings and in what strings take in",
    file: "a.ts",
    code: `const help = "set process.env.NOT_READ"; const made = \`cors({ origin: process.env.NOT_READ })\`;
const url = \`http://\${process.env.API_HOST}/\`;`,
    expected: ["API_HOST:2"],
  },
  {
    title: "process.env by dot, index, with fallback",
    file: "server.js",
    code: `const port = process.env.PORT || 3000;
const url = process.env["API_URL"];
const level = process.env.LOG_LEVEL ?? "info";
// const old = process.env.OLD;
const size = parseInt(process.env.POOL_SIZE, 10) || 5;
const n = Number(process.env.MAX_ITEMS ?? '20');`,
    expected: ["API_URL:2", "LOG_LEVEL?=info:3", "MAX_ITEMS?=20:6", "POOL_SIZE?=5:5", "PORT?=3000:1"],
  },
  {
    title: "what is written, compared or tested",
    file: "server.ts",
    code: `process.env.TZ_NAME = "UTC";
if (process.env.FEATURE_X === "true") run();
if (process.env.CACHE) warm();
const debug = !!process.env.DEBUG_MODE;
if (!process.env.STRIPE_URL) { throw new Error("STRIPE_URL is missing"); }
const host = process.env.HOST_NAME ? process.env.HOST_NAME : "x";
delete process.env.GONE;
const a = process.env.A_URL!;
const b = process.env.B_URL as string;
process.env.MODE_X ??= "fast";`,
    expected: [
      "A_URL:8",
      "B_URL:9",
      "CACHE?:3",
      "DEBUG_MODE?:4",
      "FEATURE_X?:2",
      "HOST_NAME?:6",
      "MODE_X?=fast:10",
      "STRIPE_URL:5",
    ],
  },
  {
    title: "destructured, and under another name",
    file: "config.ts",
    code: `const { DB_HOST, DB_PORT = "5432", DB_NAME: name } = process.env;
const env = process.env;
export const region = env.REGION ?? "eu";
export const zone = env.ZONE;`,
    expected: ["DB_HOST:1", "DB_NAME:1", "DB_PORT?=5432:1", "REGION?=eu:3", "ZONE:4"],
  },
  {
    title: "import.meta.env is read while the page is built",
    file: "src/api.ts",
    code: `const base = import.meta.env.VITE_API_URL;
if (import.meta.env.DEV) console.log(import.meta.env.MODE);
const key = import.meta.env.SOME_FLAG;`,
    expected: ["SOME_FLAG@build:3", "VITE_API_URL@build:1"],
  },
  {
    title: "Deno and Bun",
    file: "main.ts",
    code: `const a = Deno.env.get("API_BASE") ?? "http://x";
const b = Bun.env.REGION;
if (Deno.env.has("EXTRA")) go();`,
    expected: ["API_BASE?=http://x:1", "EXTRA?:3", "REGION:2"],
  },
  {
    title: "static imports of SvelteKit",
    file: "src/routes/+page.server.ts",
    code: `import { API_HOST, ZONE as zone } from "$env/static/private";
import { PUBLIC_SITE } from "$env/static/public";
import { env } from "$env/dynamic/private";
const x = env.TIMEOUT;`,
    expected: ["API_HOST@build:1", "PUBLIC_SITE@build:2", "TIMEOUT:4", "ZONE@build:1"],
  },
  {
    title: "a schema of zod",
    file: "src/env.ts",
    code: `import { z } from "zod";
const schema = z.object({
  NODE_ENV: z.enum(["development", "production"]).default("development"),
  API_HOST: z.string().url(),
  PAGE_SIZE: z.coerce.number().int().default(20),
  TRACE: z.string().optional(),
});
export const env = schema.parse(process.env);`,
    expected: ["API_HOST:4", "NODE_ENV?=development:3", "PAGE_SIZE?=20:5", "TRACE?:6"],
  },
  {
    title: "t3-env: the schema says what is needed",
    file: "src/env.mjs",
    code: `import { createEnv } from "@t3-oss/env-nextjs";
export const env = createEnv({
  server: { AUTH_ISSUER: z.string(), REGION: z.string().default("eu") },
  client: { NEXT_PUBLIC_HOST: z.string().min(1) },
  runtimeEnv: {
    AUTH_ISSUER: process.env.AUTH_ISSUER,
    REGION: process.env.REGION,
    NEXT_PUBLIC_HOST: process.env.NEXT_PUBLIC_HOST,
  },
});`,
    expected: ["AUTH_ISSUER:3", "NEXT_PUBLIC_HOST@build:4", "REGION?=eu:3"],
  },
  {
    title: "envalid",
    file: "env.js",
    code: `const { cleanEnv, str, port, bool } = require("envalid");
module.exports = cleanEnv(process.env, {
  API_HOST: str(),
  METRICS_PORT: port({ default: 9100 }),
  VERBOSE: bool({ devDefault: true }),
});`,
    expected: ["API_HOST:3", "METRICS_PORT?=9100:4", "VERBOSE?:5"],
  },
  {
    title: "Joi takes what is not required as optional",
    file: "src/app.module.ts",
    code: `ConfigModule.forRoot({ validationSchema: Joi.object({
  API_HOST: Joi.string().required(),
  LIMIT: Joi.number().default(10),
  EXTRA: Joi.string(),
}) })`,
    expected: ["API_HOST:2", "EXTRA?:4", "LIMIT?=10:3"],
  },
  {
    title: "convict and env-var",
    file: "config.js",
    code: `const convict = require("convict");
const env = require("env-var");
module.exports = convict({ port: { format: "port", default: 8080, env: "APP_PORT" } });
const host = env.get("API_HOST").required().asString();
const n = env.get("LIMIT").default("5").asInt();`,
    expected: ["API_HOST:4", "APP_PORT?=8080:3", "LIMIT?=5:5"],
  },
  {
    title: "the configuration service of Nest",
    file: "src/app.service.ts",
    code: `const a = this.configService.get<string>("API_HOST");
const b = this.config.getOrThrow("QUEUE_NAME");
const c = configService.get("LIMIT", 10);
const d = configService.get("database.host");`,
    expected: ["API_HOST:1", "LIMIT?=10:3", "QUEUE_NAME:2"],
  },
  {
    title: "the helper of Strapi",
    file: "config/server.js",
    code: `module.exports = ({ env }) => ({
  host: env("APP_HOST", "0.0.0.0"),
  port: env.int("APP_PORT", 1337),
  url: env("SITE_ADDRESS"),
});`,
    expected: ["APP_HOST?=0.0.0.0:2", "APP_PORT?=1337:3", "SITE_ADDRESS:4"],
  },
  {
    title: "the helper of Prisma's configuration",
    file: "prisma.config.ts",
    code: `import { defineConfig, env } from "prisma/config";
export default defineConfig({ datasource: { url: env("MAIN_DB") } });`,
    expected: ["MAIN_DB:2"],
  },
  {
    title: "runtimeConfig of Nuxt",
    file: "nuxt.config.ts",
    code: `export default defineNuxtConfig({
  runtimeConfig: {
    mailHost: "localhost",
    other: process.env.OTHER_HOST,
    public: {
      apiBase: "/api",
    },
  },
})`,
    expected: ["NUXT_MAIL_HOST?=localhost:3", "NUXT_PUBLIC_API_BASE?=/api@build:6", "OTHER_HOST@build:4"],
  },
  {
    title: "a reader of the project itself",
    file: "src/config.ts",
    code: `function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(name);
  return value;
}
const optional = (name: string, fallback: string) => process.env[name] ?? fallback;
export const host = required("API_HOST");
export const region = optional("REGION", "eu");`,
    expected: ["API_HOST:7", "REGION?=eu:8"],
  },
];

describe("variables that JavaScript reads", () => {
  test.each(CASES)("$title", ({ expected, ...read }) => {
    expect(variablesRead(read)).toEqual(expected.toSorted());
  });
  test.each(CASES)("broken off: $title", ({ file, code }) => {
    for (const part of [0.2, 0.5, 0.9])
      expect(() => variablesRead({ file, code: code.slice(0, Math.floor(code.length * part)) })).not.toThrow();
  });
});
