import { expect, test } from "vitest";
import { plan } from "../generate/testing.ts";
import { planText } from "./generate-plan-lines.ts";

const given = plan();
const [api, ...others] = given.services;
const said = planText({
  ...given,
  services: [
    {
      ...(api as NonNullable<typeof api>),
      origin: {
        port: "stationmaster.yaml:7",
        start: "api/package.json:3 (javascript.script, 1)",
        "env.SITE_URL": "a.js:2",
      },
    },
    ...others,
  ],
  assumptions: ["web is \u001b[2Jnew"],
  contradictions: [{ rule: "manifest", severity: "warning", file: "stationmaster.yaml", line: 7, message: "odd" }],
}).split("\n");
const row = (field: string) => said.find((line) => line.startsWith(`${field} `))?.split(/ {2,}/);

test.each([
  ["api.port", "3000", "stationmaster.yaml:7"],
  ["api.start", "node server.js", "api/package.json:3 (javascript.script, 1)"],
  ["api.migrations", "prisma migrate deploy", "default"],
  ["api.scale", "2 to 10 at CPU 70 %, memory 80 %", "default"],
  ["api.env.DATABASE_URL", "secret, address of db, required", "default"],
  ["api.env.LOG_LEVEL", "config, default info", "default"],
  ["api.env.SITE_URL", "config, required", "a.js:2"],
  ["web.env.VITE_API_URL", "public, at the build, required", "default"],
])("%s is told with where it comes from", (field, value, from) => {
  expect(row(field)).toEqual([field, value, from]);
});

test("fields without a value are left out; what was assumed and what contradicts ends it", () => {
  expect(row("web.health")).toBeUndefined();
  expect(said[0]).toBe("shop, for compose");
  expect(said.slice(-4)).toEqual([
    "store db: postgres 16",
    "store cache: redis",
    "assumed: web is new",
    "warning: stationmaster.yaml:7: odd",
  ]);
});

test("processes, schedules, folders that stay, and the region of a cloud are told too", () => {
  const lines = planText({
    ...given,
    target: "aws",
    cloud: { provider: "aws", region: "eu-central-1", origin: "SPEC-1/spec.md:5" },
    services: [
      {
        ...(api as NonNullable<typeof api>),
        processes: [{ name: "worker", command: "node worker.js" }],
        crons: [{ name: "clean", schedule: "0 3 * * *", command: "node clean.js" }],
        state: ["uploads"],
        origin: { "process.worker": "Procfile:2", "state.uploads": "server.js:7" },
      },
    ],
  }).split("\n");
  const told = (field: string) => lines.find((line) => line.startsWith(`${field} `))?.split(/ {2,}/);
  expect(told("api.process.worker")).toEqual(["api.process.worker", "node worker.js", "Procfile:2"]);
  expect(told("api.cron.clean")).toEqual(["api.cron.clean", "0 3 * * *, node clean.js", "default"]);
  expect(told("api.data")).toEqual(["api.data", "uploads", "server.js:7"]);
  expect(lines).toContain("region: eu-central-1 of aws (SPEC-1/spec.md:5)");
});
