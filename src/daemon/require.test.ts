import { expect, test } from "vitest";
import { type Manifest, parseManifest } from "../config/load.ts";
import { Secret } from "../core/redact.ts";
import { requireSecrets } from "./require.ts";

const TEXT = `project: shop
services:
  api: { start: node api.mjs, env: { KEY: "\${secret:API_KEY}", AGAIN: "\${secret:API_KEY}" } }
stores:
  cache: { kind: redis, url: "\${secret:REDIS_URL}" }
notify:
  hook: { kind: webhook, url: "\${secret:HOOK}" }
checks:
  cache: { redis: "\${secret:REDIS_URL}" }
environments: { local: { platform: local } }
`;
const manifest: Manifest = { ...parseManifest(TEXT), file: "/shop/stationmaster.yaml", root: "/shop" };

function projectWith(set: readonly string[]) {
  const find = (name: string) => (set.includes(name) ? new Secret(name, "s3cret-value") : undefined);
  return { manifest, secrets: { find } };
}

test.each([
  [[], "3 secrets are not set: API_KEY (services.api), REDIS_URL (stores.cache, checks.cache), HOOK (notify.hook)"],
  [["API_KEY", "HOOK"], "the secret REDIS_URL is not set (used in stores.cache, checks.cache)"],
  [["API_KEY", "REDIS_URL"], "the secret HOOK is not set (used in notify.hook)"],
])("with %j set all that are missing are told at once", (set, message) => {
  const attempt = () => requireSecrets(projectWith(set));
  expect(attempt).toThrow(expect.objectContaining({ code: "SM-SECRET-MISSING", message }));
});

test("nothing is missing when all are set, or where the part is not asked for", () => {
  expect(() => requireSecrets(projectWith(["API_KEY", "HOOK", "REDIS_URL"]))).not.toThrow();
  expect(() => requireSecrets(projectWith([]), ["remedies", "devops"])).not.toThrow();
});
