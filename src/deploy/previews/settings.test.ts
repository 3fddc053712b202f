import { describe, expect, test } from "vitest";
import { parseManifest } from "../../config/load.ts";
import type { SecretSource } from "../../config/secrets.ts";
import { Secret } from "../../core/redact.ts";
import { previewOf } from "./project.ts";
import { previewSettings } from "./settings.ts";

const manifest = {
  ...parseManifest(`project: shop
repository: acme/shop
services:
  web: { image: shop/web:stable, env: { DB: "\${store:db}", KEY: "\${secret:KEY}" } }
  mail: { image: shop/mail:stable, kind: worker }
stores:
  db: { kind: postgres, url: "\${secret:DB_URL}", preview: { template: shop_template, url: "\${secret:PREVIEW_DB}" } }
  old: { kind: postgres, url: "\${secret:OLD_URL}" }
environments:
  production: { platform: compose, hosts: [p1, p2] }
  preview:
    platform: compose
    hosts: [h1, h2]
    per: pull-request
    secrets: [KEY]
    images: { web: "shop/web:\${commit}" }
    routes:
      web: { port: 80, domain: "\${preview}.shop.example" }
checks: { home: { url: "https://shop.example" } }
notify: { ops: { kind: webhook, url: "\${secret:HOOK}" } }
`),
  file: "/m.yaml",
  root: "/",
};
const preview = { env: "pr-7", source: "preview", ref: "refs/pull/7/head", commit: "abc", host: "h2", fork: false };
const secrets: SecretSource = { find: (name) => new Secret(name, `value of ${name}`) };

test("a preview has one host, its own domain, its own sources, and does not bake", () => {
  expect(previewSettings(manifest, preview)).toMatchObject({
    platform: "compose",
    per: "pull-request",
    hosts: ["h2"],
    branch: "refs/pull/7/head",
    routes: { web: { port: 80, domain: "pr-7.shop.example" } },
    strategy: { kind: "blue-green", bake: 0 },
  });
  expect(previewSettings(manifest, { ...preview, ref: "refs/heads/login" })).toMatchObject({ branch: "login" });
});

test("its manifest has its environment and images, the stores it uses, and nothing that watches", () => {
  const { manifest: own } = previewOf({ manifest, secrets }, preview);
  expect(own.environments).toMatchObject({ "pr-7": { hosts: ["h2"] }, production: {} });
  expect(own.services).toMatchObject({ web: { image: "shop/web:abc" }, mail: { image: "shop/mail:stable" } });
  expect(own.stores).toMatchObject({ db: { url: "${secret:PREVIEW_DB}" } });
  expect(own).toMatchObject({ checks: {}, notify: {} });
  expect(Object.keys(own.stores)).toEqual(["db"]);
});

test("an environment that is no longer copied is named", () => {
  expect(() => previewSettings({ environments: {} }, preview)).toThrow(
    expect.objectContaining({ code: "SM-PREVIEW-SOURCE" }),
  );
});

describe("secrets", () => {
  const find = (fork: boolean, name: string) =>
    previewOf({ manifest, secrets }, { ...preview, fork })
      .secrets.find(name)
      ?.unwrap();
  test("those of the list are there", () => expect(find(false, "KEY")).toBe("value of KEY"));
  test.each([
    [false, "DB_URL"],
    [true, "KEY"],
    [false, ".env#DB_URL"],
  ])("fork %s: %s is refused by name", (fork, name) => {
    expect(() => find(fork, name)).toThrow(
      expect.objectContaining({ code: "SM-PREVIEW-SECRET", message: expect.stringContaining(name) }),
    );
  });
});
