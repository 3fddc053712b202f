import { expect, test } from "vitest";
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
  const at = (value: string) => variable("ORIGIN", { default: value });
  for (const value of ["http://localhost:3000", "localhost", "redis://127.0.0.1:6379/0", "kafka:9092,localhost:9092"])
    expect(written(target, kind, { env: [at(value)] })).not.toContain(value);
  for (const value of ["https://localhost.example.com", "my-localhost-name", "https://example.com"])
    expect(written(target, kind, { env: [at(value)] })).toContain(value);
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
