import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { validated } from "../rules/testing.ts";
import { composeSchema } from "./compose.ts";

describe("the schema of Compose files", () => {
  const schema: [name: string, text: string, expected: RegExp[]][] = [
    ["an unknown key", "services:\n  a: { image: x, volums: [] }", [/:2 services.a has no key volums/]],
    ["a wrong type", "services:\n  a: { image: x, cpus: true }", [/services.a.cpus must be/]],
    [
      "a wrong word",
      "services:\n  a: { image: x, depends_on: { b: { condition: ready } } }\n  b: { image: x }",
      [/must be one of/],
    ],
    [
      "numbers that variables give",
      "services:\n  a: { image: x, deploy: { replicas: '${N}' }, stop_grace_period: 10s }",
      [],
    ],
    ["fragments and names of its own", "x-a: { anything: 1 }\nname: shop\nservices:\n  a: { image: x, x-b: 1 }", []],
    ["a volume that nobody declares", "services:\n  a: { image: x, volumes: ['d:/d'] }", [/uses volume d/]],
    [
      "a service that is none",
      "services:\n  a: { image: x, depends_on: [b] }",
      [/uses service b, which is no service/],
    ],
    [
      "networks and secrets that nobody declares",
      "services:\n  a: { image: x, networks: [n, default], secrets: [s] }",
      [/uses network n/, /uses secret s/],
    ],
    [
      "what is declared",
      "services:\n  a: { image: x, volumes: ['d:/d'], networks: { n: {} }, secrets: [{ source: s }] }\nvolumes: { d: }\nnetworks: { n: }\nsecrets: { s: { file: ./s } }",
      [],
    ],
    ["what an included file may declare", "include: [other.yaml]\nservices:\n  a: { image: x, depends_on: [b] }", []],
    [
      "a circle",
      "services:\n  a: { image: x, depends_on: [b] }\n  b: { image: x, depends_on: [a] }",
      [/a waits for itself/, /b waits for itself/],
    ],
    [
      "a check that does not say how it is run",
      "services:\n  a: { image: x, healthcheck: { test: [curl, -f, http://x] } }\n  b: { image: x, healthcheck: { test: [CMD, a] } }\n  c: { image: x, healthcheck: { test: curl x } }",
      [/:2 the check of a must begin with CMD/],
    ],
    ["a part of another file", "services:\n  a: { environment: { A: 1 }, depends_on: [b] }", []],
  ];
  it.each(schema)("%s", async (_, text, expected) => {
    const found = await validated(composeSchema, { "compose.yaml": text });
    expect(found).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
  });
});

it("is the schema that dclint ships, without its descriptions", () => {
  const shipped = JSON.parse(
    readFileSync(new URL("../../../node_modules/dclint/schemas/compose.schema.json", import.meta.url), "utf8"),
  );
  const { $comment, ...own } = JSON.parse(readFileSync(new URL("./compose-schema.json", import.meta.url), "utf8"));
  expect($comment).toMatch(/Apache License 2\.0/);
  expect(own).toEqual({ ...(withoutDescriptions(shipped) as object), $schema: own.$schema });
});

function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      key === "description" && typeof item === "string" ? [] : [[key, withoutDescriptions(item)]],
    ),
  );
}
