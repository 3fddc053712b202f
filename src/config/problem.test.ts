import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { toKnownError } from "../core/errors.ts";
import { parseManifest } from "./load.ts";
import { refusal } from "./testing.ts";

const GOOD = `project: shop
services:
  api:
    start: node server.js
    health: /health
environments:
  local: { platform: local }
`;

test.each([
  ["health: health", 'services.api.health must be a path that starts with /, not "health"; see'],
  ["health: 5", "services.api.health must be a path that starts with / or a mapping, not the number 5; see"],
  ["health:", "services.api.health has no value; see"],
  ["health: { path: x }", 'services.api.health.path must be a path that starts with /, not "x"; see'],
  ["replicas: many", 'services.api.replicas must be a number, not "many"; see'],
  ["replicas: 0", "services.api.replicas: must be at least 1; see"],
  ["drain: 30", "services.api.drain must be a duration such as 250ms, 5s, 10m or 1h, not the number 30; see"],
  ["drain: soon", "services.api.drain: must be a duration such as 250ms, 5s, 10m or 1h; see"],
  ["kind: htp", 'services.api.kind must be http or worker, not "htp"; did you mean "http"?'],
  ["env: { A: [1] }", "services.api.env.A must be text, a number or true or false, not a list; see"],
  ["depends_on: web", 'services.api.depends_on must be a list, not "web"; see'],
  ["critical: maybe", 'services.api.critical must be true or false, not "maybe"; see'],
])("in words a person can use: %s", (line, says) => {
  expect(refusal(GOOD.replace("health: /health", line))).toContain(`m.yaml:5: ${says}`);
});

test.each([
  [
    "notify: { a: { kind: mail } }",
    'notify.a.kind must be console, webhook, slack, discord, pagerduty, opsgenie or email, not "mail"',
  ],
  ["notify: { a: { url: x } }", "notify.a.kind is missing"],
  [
    'notify: { a: { kind: pagerduty, routing_key: "1", key: "2" } }',
    'unknown key "routing_key" in notify.a; allowed are kind, key, url, webhook_secret',
  ],
  ["escalate: { SEV4: [] }", 'unknown key "SEV4" in escalate; did you mean "SEV1"?'],
  ["checks: { a: { url: x, expect: { latency: soon } } }", "checks.a.expect.latency: must be a duration such as 250ms"],
  [
    "checks: { a: { url: x, expect: { latency: 5 } } }",
    "checks.a.expect.latency must be a duration such as 250ms, 5s, 10m or 1h or a mapping, not the number 5",
  ],
  ["checks: { a: { url: x, expect: { cert: { over: 1d } } } }", 'unknown key "over" in checks.a.expect.cert'],
  ["checks: { a: { url: x, expect: { phase: { tls: {} } } } }", "checks.a.expect.phase.tls: needs `above` or `below`"],
  ["checks: { a: { url: x, expect: { status: [] } } }", "checks.a.expect.status: must have at least 1 entry"],
])("in words a person can use, beside the services: %s", (line, says) => {
  expect(refusal(`${GOOD}${line}\n`)).toContain(`m.yaml:8: ${says}`);
});

/** The lines of what is refused, and the file its hint names. */
function listed(text: string): { lines: string[]; file: string } {
  try {
    parseManifest(text, "m.yaml");
  } catch (error) {
    const { message, next } = toKnownError(error);
    return { lines: message.split("\n"), file: / (\/.*\.md)$/.exec(next ?? "")?.[1] ?? "" };
  }
  throw new Error("it was accepted");
}

test("several at once: each in its line, with its hint, and ten at most", () => {
  const { lines, file } = listed(
    GOOD.replace("health: /health", "helth: 1\n    replicas: many").replace("local }", "lokal }"),
  );
  expect(lines).toEqual([
    "m.yaml has 3 mistakes:",
    '  m.yaml:5: unknown key "helth" in services.api; did you mean "health"?',
    '  m.yaml:6: services.api.replicas must be a number, not "many"',
    '  m.yaml:8: environments.local.platform must be local or compose, not "lokal"; did you mean "local"?',
  ]);
  expect(existsSync(file)).toBe(true);
  const many = Array.from({ length: 14 }, (_, index) => `    wrong${index}: 1`).join("\n");
  expect(listed(GOOD.replace("    health: /health", many)).lines.at(-1)).toBe("  and 4 more");
});

test("names that point nowhere and placeholders are listed too", () => {
  const text = GOOD.replace("health: /health", 'env: { A: "${TOKEN}", B: "${vault:X}" }\n    depends_on: [db]');
  expect(listed(text).lines).toHaveLength(4);
});
