import { expect, test } from "vitest";
import { memoryTree } from "../formats/tree.ts";
import { checksCertificates } from "./checked-tls.ts";

test.each([
  ['{ "dependencies": { "pg": "8.16.3" } }', true],
  ['{ "dependencies": { "postgres": "3.4.7" }, "devDependencies": { "pg": "8.16.3" } }', false],
  ["{ broken", false],
])("%s", (manifest, expected) =>
  expect(checksCertificates(memoryTree({ "api/package.json": manifest }), "api")).toBe(expected),
);
