import { expect, test } from "vitest";
import { ManifestSchema } from "../config/schema.ts";
import { serviceCheckId, subjectOf } from "./check-id.ts";
import { namedCheck } from "./named.ts";
import { impliedChecks } from "./specs.ts";

const KINDS = ["check", "store", "infrastructure", "slo", "watch", "alert", "service"];
const PARTS = ["health", "port", "process"];

test("whatever services, stores and checks are called, no two checks have the same id, and each is known by it", () => {
  const { services, stores, checks } = ManifestSchema.parse({
    project: "shop",
    services: Object.fromEntries([...KINDS, "api"].map((name) => [name, { start: "node server.js", health: "/" }])),
    stores: Object.fromEntries([...PARTS, "db"].map((name) => [name, { kind: "postgres" }])),
    checks: Object.fromEntries(PARTS.map((name) => [name, { url: "http://127.0.0.1/" }])),
    environments: { local: { platform: "local" } },
  });
  const routes = Object.fromEntries(Object.keys(services).map((name) => [name, "http://127.0.0.1"]));
  const sources = { environment: "local", routes, resolve: (text: string) => text };
  const infrastructure = { names: PARTS, hosts: ["one", "two"] };
  const implied = impliedChecks({ services, stores, infrastructure }, sources);
  const named = Object.entries(checks).flatMap(([name, check]) => namedCheck(name, check, sources));
  const ids = [...implied, ...named].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, service, component } of implied) expect(subjectOf(id, "local")).toBe(service ?? component);
  for (const { id } of named) expect(subjectOf(id, "local")).toBeUndefined();
});

test("the ids of all other services stay as short as they were", () => {
  expect(serviceCheckId("local", "api")).toBe("local/api");
  expect(serviceCheckId("local", "store")).toBe("local/service/store");
  expect(subjectOf("staging/api/health", "local")).toBeUndefined();
  expect(subjectOf("local/slo/api", "local")).toBeUndefined();
});
