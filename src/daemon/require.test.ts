import { expect, test } from "vitest";
import { type Manifest, parseManifest } from "../config/load.ts";
import { interpolate } from "../config/secrets.ts";
import { Secret } from "../core/redact.ts";
import { requireSecrets } from "./require.ts";

const TEXT = `project: shop
services:
  api: { start: node api.mjs, env: { KEY: "\${secret:API_KEY}", AGAIN: "\${secret:API_KEY}" } }
notify:
  hook: { kind: webhook, url: "\${secret:HOOK}" }
environments: { local: { platform: local } }
`;
const manifest: Manifest = { ...parseManifest(TEXT), file: "/shop/stationmaster.yaml", root: "/shop" };

/** As the engine does it, with nothing but the secrets in `set`. */
function digestWith(set: readonly string[]) {
  const references = {
    secret: (name: string) => (set.includes(name) ? new Secret(name, "s3cret-value") : undefined),
    store: () => undefined,
    service: () => undefined,
  };
  return (texts: readonly string[], where: string) => texts.map((text) => interpolate(text, references, where)).join();
}

test.each([
  [[], "2 secrets are not set: API_KEY (services.api), HOOK (notify.hook)"],
  [["API_KEY"], "the secret HOOK is not set (used in notify.hook)"],
])("with %j set all that are missing are told at once", (set, message) => {
  const attempt = () => requireSecrets(manifest, digestWith(set));
  expect(attempt).toThrow(expect.objectContaining({ code: "SM-SECRET-MISSING", message }));
});

test("nothing is missing when all are set, or where the part is not asked for", () => {
  expect(() => requireSecrets(manifest, digestWith(["API_KEY", "HOOK"]))).not.toThrow();
  expect(() => requireSecrets(manifest, digestWith([]), ["stores", "checks"])).not.toThrow();
});
