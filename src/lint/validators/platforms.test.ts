import { expect, test } from "vitest";
import { validated } from "../rules/testing.ts";
import { railwaySchema } from "./railway.ts";
import { vercelSchema } from "./vercel.ts";

const RAILWAY: readonly (readonly [name: string, text: string, told: readonly RegExp[]])[] = [
  [
    "all that is known",
    '{ "$schema": "https://railway.com/railway.schema.json", "build": { "builder": "DOCKERFILE", "dockerfilePath": "Dockerfile", "buildCommand": null, "watchPatterns": ["src/**"] }, "deploy": { "startCommand": "node .", "preDeployCommand": ["npm run migrate"], "healthcheckPath": "/health", "healthcheckTimeout": 60, "overlapSeconds": "30", "restartPolicyType": "ON_FAILURE", "restartPolicyMaxRetries": 3, "multiRegionConfig": { "us-west2": { "numReplicas": 2 } } }, "environments": { "pr": { "deploy": { "startCommand": "x" } } } }',
    [],
  ],
  ["comments", '{\n  // the builder\n  "build": { "builder": "RAILPACK" },\n}', []],
  [
    "a builder that is none",
    '{\n  "build": {\n    "builder": "DOCKER"\n  }\n}',
    [/^railway-schema error railway\.json:3 build\.builder: one of RAILPACK/],
  ],
  ["a path without a slash", '{ "deploy": { "healthcheckPath": "health" } }', [/begins with \//]],
  [
    "a key in the wrong place",
    '{\n  "startCommand": "x"\n}',
    [/^railway-schema warning .*:2 unknown key `startCommand`/],
  ],
  ["a number as text", '{ "deploy": { "numReplicas": "2" } }', [/deploy\.numReplicas/]],
  ["no JSON: told by the frame", "{", []],
];

test.each(RAILWAY)("railway.json: %s", async (_, text, told) => {
  const found = await validated(railwaySchema, { "railway.json": text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
});

test("railway.toml has the same keys, with places", async () => {
  const text =
    '[build]\nbuilder = "NIXPACKS"\n\n[deploy]\nhealthcheckTimeout = 30\nrestartPolicyType = "NEVER_EVER"\n[deploy.multiRegionConfig.us-west2]\nnumReplicas = 1\n';
  expect(await validated(railwaySchema, { "api/railway.toml": text })).toEqual([
    expect.stringMatching(/^railway-schema error api\/railway\.toml:6 deploy\.restartPolicyType/),
  ]);
  expect(await validated(railwaySchema, { "railway.toml": "[build\n" })).toEqual([expect.stringMatching(/no TOML/)]);
  expect(await validated(railwaySchema, { ".railway/railway.ts": "export default 3" })).toEqual([]);
});

const VERCEL: readonly (readonly [name: string, text: string, told: readonly RegExp[]])[] = [
  [
    "all that is usual",
    '{ "$schema": "https://openapi.vercel.sh/vercel.json", "framework": "vite", "buildCommand": null, "cleanUrls": true, "functions": { "api/*.ts": { "maxDuration": 30, "memory": 1024 } }, "crons": [{ "path": "/api/cron", "schedule": "0 5 * * *" }], "rewrites": [{ "source": "/(.*)", "destination": "/index.html", "has": [{ "type": "header", "key": "x" }] }], "headers": [{ "source": "/a", "headers": [{ "key": "x", "value": "y" }] }], "regions": ["fra1"], "git": { "deploymentEnabled": false } }',
    [],
  ],
  [
    "routes beside rewrites",
    '{ "routes": [{ "src": "/a" }], "rewrites": [], "cleanUrls": true }',
    [/`routes` cannot stand beside `rewrites`, `cleanUrls`/],
  ],
  ["functions beside builds", '{ "functions": {}, "builds": [{ "use": "@vercel/node" }] }', [/`builds` cannot stand/]],
  [
    "a cron with six fields",
    '{ "crons": [{ "path": "/x", "schedule": "0 0 5 * * *" }] }',
    [/crons\.0\.schedule: five fields/],
  ],
  ["a cron to another host", '{ "crons": [{ "path": "https://x", "schedule": "0 5 * * *" }] }', [/begins with \//]],
  ["too long", '{ "functions": { "a.ts": { "maxDuration": 5000 } } }', [/1 to 900 seconds/]],
  ["a redirect to nowhere", '{ "redirects": [{ "source": "/a" }] }', [/redirects\.0\.destination/]],
  ["an unknown key", '{\n  "outputDir": "x"\n}', [/^vercel-schema warning vercel\.json:2 unknown key `outputDir`/]],
  ["no JSON: told by the frame", "{", []],
  ["no object", "[]", []],
];

test.each(VERCEL)("vercel.json: %s", async (_, text, told) => {
  const found = await validated(vercelSchema, { "vercel.json": text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
});

test("vercel.json and vercel.ts exclude each other", async () => {
  expect(await validated(vercelSchema, { "web/vercel.json": "{}", "web/vercel.ts": "" })).toEqual([
    expect.stringMatching(/web\/vercel\.ts is there too/),
  ]);
});
