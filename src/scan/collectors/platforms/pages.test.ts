import { describe, expect, it } from "vitest";
import { APP, json, picked, type Row, toldBy, WEB } from "./testing.ts";

const rows: Row[] = [
  [
    "vercel.json",
    {
      ...APP,
      "vercel.json": json({
        framework: "nextjs",
        buildCommand: "npm run build",
        outputDirectory: "dist",
        installCommand: "pnpm install",
        crons: [{ path: "/api/tick", schedule: "0 * * * *" }],
      }),
    },
    ".",
    {
      framework: "next",
      build: "npm run build",
      output: "dist",
      install: "pnpm install",
      "cron./api/tick": { name: "/api/tick", schedule: "0 * * * *", command: null },
    },
  ],
  [
    "vercel.json of a folder below",
    {
      ...WEB,
      "vercel.json": json({
        buildCommand: "cd web && npm install && npm run build",
        outputDirectory: "web/dist",
        framework: null,
      }),
    },
    "web",
    { build: "npm run build", output: "dist", framework: undefined },
  ],
  [
    "vercel.ts",
    {
      ...APP,
      "vercel.ts":
        'import type { VercelConfig } from "@vercel/config/v1";\nexport const config: VercelConfig = {\n  buildCommand: "npm run build",\n  outputDirectory: process.env.OUT,\n  framework: "astro",\n};\n',
    },
    ".",
    { build: "npm run build", output: undefined, framework: "astro" },
  ],
  [
    "builds of version 2",
    {
      ...WEB,
      "vercel.json": json({
        version: 2,
        builds: [{ src: "web/package.json", use: "@vercel/static-build", config: { distDir: "build" } }],
      }),
    },
    "web",
    { output: "build" },
  ],
  [
    "functions of vercel.json",
    {
      "package.json": "{}",
      "api/users.js": "",
      "vercel.json": json({ functions: { "api/**/*.js": { maxDuration: 10 } } }),
    },
    ".",
    { kind: "api" },
  ],
  [
    "functions by builders",
    {
      "package.json": "{}",
      "index.js": "",
      "vercel.json": json({ builds: [{ src: "index.js", use: "@vercel/node" }] }),
    },
    ".",
    { kind: "api" },
  ],
  [
    "functions that are not there, and those of a page",
    { "index.html": "", "package.json": "{}", "vercel.json": json({ functions: { "api/*.js": {} } }) },
    ".",
    { kind: undefined },
  ],
  [
    "a worker of Cloudflare",
    { "package.json": "{}", "src/index.js": "", "wrangler.toml": 'name = "x"\nmain = "src/index.js"\n' },
    ".",
    { kind: "api" },
  ],
  [
    "a worker beside pages, and one that an adapter makes",
    {
      "package.json": "{}",
      "w.js": "",
      "wrangler.jsonc": '{ "main": "w.js", "assets": { "directory": "dist" } } // x',
    },
    ".",
    { kind: undefined, output: "dist" },
  ],
  [
    "pages that Firebase publishes as they are",
    { "public/index.html": "", "firebase.json": json({ hosting: { public: "public" } }) },
    ".",
    { kind: "static", output: "public" },
  ],
  [
    "netlify.toml",
    {
      ...APP,
      "netlify.toml":
        '[build]\n  command = "npm run build"\n  publish = "dist/"\n[build.environment]\n  NODE_VERSION = "20"\n  API_URL = "x"\n',
    },
    ".",
    {
      build: "npm run build",
      output: "dist",
      runtime: { name: "node", version: "20" },
      "env.API_URL": { name: "API_URL", class: "config", phase: "build", required: true, default: null },
    },
  ],
  [
    "netlify.toml with a base",
    {
      ...WEB,
      "netlify.toml":
        '[build]\nbase = "web"\ncommand = "npm run build"\npublish = "dist"\n[context.production]\ncommand = "npm run build -- --mode production"\n',
    },
    "web",
    { build: "npm run build -- --mode production", output: "dist" },
  ],
  [
    "functions of netlify.toml that are called by the clock",
    { ...APP, "netlify.toml": '[functions."tick"]\nschedule = "@hourly"\n' },
    ".",
    { "cron.tick": { name: "tick", schedule: "@hourly", command: null } },
  ],
  [
    "netlify.toml that publishes from the root",
    { ...WEB, "netlify.toml": '[build]\nbase = "web/"\npublish = "web/dist"\n' },
    "web",
    { output: "dist" },
  ],
  [
    "firebase.json",
    {
      ...APP,
      "firebase.json": json({
        hosting: [{ target: "a", public: "build" }],
        functions: [{ source: "functions", runtime: "nodejs20" }],
      }),
      "functions/package.json": "{}",
    },
    ".",
    { output: "build" },
  ],
  [
    "functions of firebase.json",
    { ...APP, "firebase.json": json({ functions: { runtime: "nodejs18" } }), "functions/package.json": "{}" },
    "functions",
    { runtime: { name: "node", version: "18" } },
  ],
  [
    "wrangler.jsonc",
    {
      ...APP,
      "wrangler.jsonc":
        '{\n  // pages\n  "assets": { "directory": "./dist" },\n  "vars": { "MODE": "x" },\n  "triggers": { "crons": ["0 0 * * *"] },\n}',
    },
    ".",
    {
      output: "dist",
      "env.MODE": { name: "MODE", class: "config", phase: "run", required: true, default: null },
      "cron.0 0 * * *": { name: "0 0 * * *", schedule: "0 0 * * *", command: null },
    },
  ],
  [
    "amplify.yml",
    {
      ...WEB,
      "amplify.yml":
        "version: 1\napplications:\n  - appRoot: web\n    frontend:\n      phases:\n        preBuild: { commands: [npm ci] }\n        build: { commands: ['echo hi', npm run build] }\n      artifacts: { baseDirectory: dist, files: ['**/*'] }\n",
    },
    "web",
    { install: "npm ci", build: "npm run build", output: "dist" },
  ],
];

describe("what hosts of pages are told", () => {
  it.each(rows)("%s", (_, files, unit, expected) => {
    expect(picked(toldBy(files)[unit], expected)).toEqual(expected);
  });
});
