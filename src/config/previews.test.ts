import { expect, test } from "vitest";
import { parseManifest } from "./load.ts";
import { previewTemplate } from "./previews.ts";
import { refusal } from "./testing.ts";

const GOOD = `project: shop
services:
  web: { start: node web.js, env: { DB: "\${store:db}" } }
stores:
  db: { kind: postgres, url: "\${secret:DB_URL}", preview: { template: shop_template } }
environments:
  local: { platform: local }
  preview:
    platform: compose
    hosts: [h1]
    per: branch
    routes:
      web: { port: 80, domain: "\${preview}.shop.example" }
`;
const but = (from: string, to: string) => {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, to);
};

test("the environment with `per` is found, with a week, three days and ten copies", () => {
  expect(previewTemplate(parseManifest(GOOD))).toMatchObject({
    name: "preview",
    settings: { per: "branch", expire: 604_800_000, idle: 259_200_000, most: 10, secrets: [] },
  });
});

test.each([
  [
    "one address for all copies",
    but('domain: "${preview}.shop.example"', "bind: 127.0.0.1"),
    "m.yaml:13",
    "${preview}.preview",
  ],
  ["a domain without the name", but("${preview}.shop", "x.shop"), "m.yaml:13", "one address"],
  [
    "another placeholder",
    but("${preview}.shop", "${preview}-${commit}.shop"),
    "m.yaml:13",
    "nothing replaces ${commit}",
  ],
  ["a placeholder without copies", but("    per: branch\n", ""), "m.yaml:12", "nothing replaces ${preview}"],
  ["a branch of its own", but("per: branch", "per: branch\n    branch: main"), "m.yaml:12", "remove `branch`"],
  ["no other environment", but("  local: { platform: local }\n", ""), "m.yaml:10", "not copied"],
  ["a name of a copy", but("  local:", "  pr-7:"), "m.yaml:7", 'may be called "pr-7"'],
  ["a shared database", but(", preview: { template: shop_template }", ""), "m.yaml:5", "share the database db"],
  ["an image of nothing", but("per: branch", "per: branch\n    images: { api: x }"), "m.yaml:12", 'no service "api"'],
])("%s is refused", (_, text, place, says) => {
  expect(refusal(text)).toContain(place);
  expect(refusal(text)).toContain(says);
});
