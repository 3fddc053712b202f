import { describe, expect, it } from "vitest";
import { API, APP, json, picked, type Row, toldBy } from "./testing.ts";

const rows: Row[] = [
  [
    "railway.json, production over the base",
    {
      ...APP,
      "railway.json": json({
        build: { builder: "RAILPACK", buildCommand: "npm ci && npm run build" },
        deploy: {
          startCommand: "node old.js",
          healthcheckPath: "/health",
          preDeployCommand: ["npx prisma migrate deploy"],
        },
        environments: { production: { deploy: { startCommand: "npm start" } }, pr: { deploy: { startCommand: "x" } } },
      }),
    },
    ".",
    {
      start: "node index.js",
      build: "npm run build",
      install: "npm ci",
      health: "/health",
      "process.release": { name: "release", command: "npx prisma migrate deploy" },
    },
  ],
  [
    "railway.toml with a mark and CRLF",
    { ...APP, "railway.toml": '\uFEFF[deploy]\r\nstartCommand = "node index.js --port $PORT"\r\n' },
    ".",
    { start: "node index.js --port $PORT" },
  ],
  [
    "a schedule",
    { ...APP, "railway.json": json({ deploy: { startCommand: "node index.js", cronSchedule: "0 3 * * *" } }) },
    ".",
    { kind: "cron", "cron..": { name: ".", schedule: "0 3 * * *", command: "node index.js" } },
  ],
  [
    "a service beside",
    { ...APP, "railway.worker.json": json({ deploy: { startCommand: "node worker.js" } }) },
    ".",
    { "process.worker": { name: "worker", command: "node worker.js" }, start: undefined },
  ],
  [
    "railway.ts",
    {
      ...APP,
      ...API,
      ".railway/railway.ts": `import { defineRailway, project, service } from "railway/iac";
// service("old", { start: "nothing" })
export default defineRailway(() => project("x", {
  api: service("api", { root: "api", build: { builder: "DOCKERFILE" }, start: "flask run --port $PORT", healthcheck: "/up", preDeploy: "flask db upgrade" }),
  web: service("web", { root: "./", start: startOf("web"), deploy: { cronSchedule: "*/5 * * * *" } }),
}));`,
    },
    "api",
    {
      start: "flask run --port $PORT",
      health: "/up",
      "process.release": { name: "release", command: "flask db upgrade" },
    },
  ],
];

describe("what Railway is told", () => {
  it.each(rows)("%s", (_, files, unit, expected) => {
    expect(picked(toldBy(files)[unit], expected)).toEqual(expected);
  });
});
