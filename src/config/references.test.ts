import { expect, test } from "vitest";
import { parseManifest } from "./load.ts";
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
  ["redis", "a store is a PostgreSQL database"],
  ["wep", "there are api"],
  ["apo", 'did you mean "api"?'],
])("a service that needs %s, which there is not", (name, says) => {
  expect(refusal(GOOD.replace("[api]", `[${name}]`))).toContain(
    `m.yaml:8: there is no service or store "${name}"; ${says}`,
  );
});
