import { expect, test } from "vitest";
import { parseManifest } from "./load.ts";
import { findCycle } from "./references.ts";
import { GOOD, refusal } from "./testing.ts";

test.each([
  ["health: /health", 'env: { TOKEN: "${TOKEN}" }', 5, "nothing replaces ${TOKEN} here; write ${secret:TOKEN}"],
  ["platform: local", 'platform: local, env: { U: "h:${PORT}" }', 10, "${PORT} is known in start"],
  ["environments:", 'notify: { ops: { kind: webhook, url: "${HOOK}" } }\nenvironments:', 9, "write ${secret:HOOK}"],
  ["node server.js", '"node s --token=${TOKEN}"', 4, "add TOKEN: ${secret:TOKEN} to env and write ${TOKEN} here"],
  ["node server.js", '"node s ${secret:token}"', 4, "add TOKEN: ${secret:token} to env and write ${TOKEN} here"],
])("a placeholder that nothing replaces is refused: %s → %s", (from, to, line, says) => {
  const said = refusal(GOOD.replace(from, to));
  expect(said).toContain(`m.yaml:${line}: `);
  expect(said).toContain(says);
});

test("what is replaced later, and what belongs to others, is left alone", () => {
  const start = '["${NODE}", s.js, "${PORT}", "${SHARED}-${OWN}", sh, -c, "echo ${HOME}"]';
  const text = GOOD.replace("node server.js", start)
    .replace("health: /health", 'env: { OWN: "${secret:TOKEN}" }')
    .replace("platform: local", "platform: local, env: { SHARED: x }")
    .concat('checks: { c: { service: api, steps: [{ get: "${service:api}/${token}" }] } }\n');
  expect(parseManifest(text).services.api?.start).toContain("${PORT}");
});

test.each([
  ["db", "add stores: { db: { kind: postgres } }"],
  ["postgres", "add stores: { postgres: { kind: postgres } }"],
  ["redis", 'add stores: { redis: { kind: redis, url: "${secret:REDIS_URL}" } }'],
  ["kafka", "a store is a PostgreSQL or Redis server"],
  ["wep", "there are api"],
  ["apo", 'did you mean "api"?'],
])("a service that needs %s, which there is not", (name, says) => {
  expect(refusal(GOOD.replace("[api]", `[${name}]`))).toContain(
    `m.yaml:8: there is no service or store "${name}"; ${says}`,
  );
});

test.each([
  [
    "a: { tcp: x:1, depends_on: [b] }, b: { tcp: x:2, depends_on: [a] }",
    "checks depend on each other in a circle: a → b → a",
  ],
  ["a: { tcp: x:1, depends_on: [dbb] }", 'there is no service, store or check "dbb"'],
  ["a: { tcp: x:1, depends_on: [a] }", 'there is no service, store or check "a"'],
])("checks: { %s }", (checks, says) => {
  expect(refusal(`${GOOD}checks: { ${checks} }\n`)).toContain(says);
});

const SUNDAY = 'cron: "0 3 * * 0", duration: 1h';

test.each([
  ["status_page: { services: { apo: API } }", 'there is no service or check "apo"; did you mean "api"?'],
  [
    "notify: { ops: { kind: console } }\nreports: { audit: { to: [op] } }",
    'no notification channel "op"; did you mean "ops"?',
  ],
  [
    "reports: { daily: { at: '24:00', to: [ops] } }",
    'must be a time of the day such as `08:00 Europe/Paris`, not "24:00"',
  ],
  [
    "reports: { daily: { at: '08:00 Mars/Base', to: [ops] } }",
    "must be a time of the day such as `08:00 Europe/Paris`, not ",
  ],
  ['maintenance: { m: { cron: "0 3 * * 0", duration: 31d } }', "maintenance.m.duration: must be between 1m and 30d"],
  [`maintenance: { m: { ${SUNDAY}, check: api/helth } }`, 'there is no check "api/helth"; did you mean "api/health"?'],
  [`maintenance: { m: { ${SUNDAY}, check: local/check/x } }`, 'there is no check "check/x"'],
  ["alertmanager: { map: { services: { x: apo } } }", 'there is no service "apo"; did you mean "api"?'],
])("what is told outside names what there is: %s", (part, says) => {
  expect(refusal(`${GOOD}${part}\n`)).toContain(says);
});

test.each(["api/health", "local/api/process@h1", "ping", "local/check/ping", "infrastructure/redis", "alert/x"])(
  "a window may be about the check %s",
  (check) => {
    const text = `${GOOD}checks: { ping: { tcp: "x:1" } }\nmaintenance: { m: { ${SUNDAY}, check: ${check} } }\n`;
    expect(parseManifest(text).maintenance.m?.check).toBe(check);
  },
);

test("a circle is found however long it is", () => {
  const chain = Object.fromEntries(Array.from({ length: 30_000 }, (_, n) => [`c${n}`, [`c${n + 1}`]]));
  expect(findCycle(chain)).toBeUndefined();
  expect(findCycle({ ...chain, c30000: ["c29999"] })).toEqual(["c29999", "c30000", "c29999"]);
});

test("six thousand checks that depend on each other are read at once", () => {
  const checks = Array.from({ length: 6_000 }, (_, n) => `  c${n}: { tcp: "h:1", depends_on: [c${(n + 1) % 6_001}] }`);
  checks.push('  c6000: { tcp: "h:1" }');
  const begin = performance.now();
  expect(Object.keys(parseManifest(`${GOOD}checks:\n${checks.join("\n")}\n`).checks)).toHaveLength(6_001);
  expect(performance.now() - begin).toBeLessThan(20_000);
}, 120_000);

test.each([
  ["github: { token: x }", "`github` needs `repository` as owner/name"],
  ["repository: git@example.com:a/b\ngithub: { token: x }", "`github` needs `repository` as owner/name"],
  ["repository: a/b\ngithub: { token: x, issues: { environments: [prod] } }", 'there is no environment "prod"'],
  ['repository: a/b\ngithub: { token: "${TOKEN}" }', "write ${secret:TOKEN}"],
])("%s", (text, says) => {
  expect(refusal(`${GOOD}${text}\n`)).toContain(says);
});
