// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the manifest has its own placeholders
import { expect, test } from "vitest";
import { parseManifest } from "../../config/load.ts";
import { pathsToAsk } from "./paths.ts";

const text = (judge: string) => `
project: lab
services:
  app: { start: node a.js, health: /health }
  back: { start: node b.js }
  job: { start: node c.js, kind: worker }
environments:
  local: { platform: local, strategy: { kind: canary, judge: ${judge} } }
checks:
  home: { url: "\${service:app}/" }
  bare: { url: "\${service:app}" }
  list: { url: "\${service:app}/items?page=2" }
  health: { url: "\${service:app}/health" }
  order: { url: "\${service:app}/orders", method: POST }
  mine: { url: "\${service:app}/mine", headers: { authorization: "\${secret:KEY}" } }
  key: { url: "\${service:app}/leak?key=\${secret:KEY}" }
  other: { url: "https://example.com/" }
`;
const paths = (judge: string) => {
  const manifest = parseManifest(text(judge));
  return pathsToAsk(manifest, manifest.environments.local?.strategy.judge);
};

test("what the manifest's checks get from a service as anybody may, without its health path", () => {
  expect(paths("{}")).toEqual({ app: ["/", "/items?page=2"] });
});

test("what the manifest names, of each service that answers; an empty list is none at all", () => {
  expect(paths("{ requests: [/cart] }")).toEqual({ app: ["/cart"], back: ["/cart"] });
  expect(paths("{ requests: [] }")).toEqual({});
});
