import { expect, test } from "vitest";
import { compose } from "../../src/generate/kinds/compose/kind.ts";
import { dockerfile } from "../../src/generate/kinds/dockerfile/kind.ts";
import { terraform } from "../../src/generate/kinds/terraform/kind.ts";
import { cloudPlan } from "../../src/generate/kinds/terraform/testing.ts";
import { render } from "../../src/generate/render.ts";
import { planOf } from "./scan-and-plan.ts";

const pack = (manifest: object) => JSON.stringify(manifest);
const SHOP = {
  "package.json": pack({ name: "shop", private: true }),
  "pnpm-workspace.yaml": 'packages: ["apps/*", "packages/*"]\n',
  "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
  "apps/api/package.json": pack({
    name: "@shop/api",
    scripts: { start: "node server.js", dev: "node --watch server.js" },
    dependencies: { express: "4", "@shop/db": "workspace:*" },
  }),
  "apps/api/server.js":
    'const db = require("@shop/db");\nrequire("express")().listen(process.env.PORT || 3000, () => db.$connect());\n',
  "packages/db/index.js": 'const { PrismaClient } = require("@prisma/client");\nmodule.exports = new PrismaClient();\n',
  "packages/db/prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
  "packages/db/prisma/migrations/1_init/migration.sql": "create table a ();\n",
};
const db = (lists: object) => ({
  "packages/db/package.json": pack({ name: "@shop/db", scripts: { postinstall: "prisma generate" }, ...lists }),
});
const made = (files: Record<string, string>) => render(planOf(files), [dockerfile, compose]);

test("Prisma in a package of the workspace stays with its tool and its library", () => {
  const files = { ...SHOP, ...db({ dependencies: { "@prisma/client": "6" }, devDependencies: { prisma: "6" } }) };
  const text = made(files).get("apps/api/Dockerfile")?.text;
  expect(text).toContain("COPY packages/db/prisma/schema.prisma ./packages/db/prisma/");
  expect(text?.match(/openssl/g)).toHaveLength(2);
  expect(text).toMatch(/# Migrations run from this image with prisma.*\nCOPY --from=build \/app\/node_modules /);
  expect(text).not.toContain("--prod");
});

test("its client is made again where its program is", () => {
  const files = { ...SHOP, ...db({ dependencies: { "@prisma/client": "6", prisma: "6" } }) };
  expect(made(files).get("apps/api/Dockerfile")?.text).toMatch(
    /pnpm install --prod .*\nWORKDIR \/app\/packages\/db\nRUN npx prisma generate\n/,
  );
});

test.each([
  ["pnpm-lock.yaml", "cd ../../packages/db && node_modules/.bin/prisma migrate deploy"],
  ["package-lock.json", "cd ../../packages/db && prisma migrate deploy"],
])("%s: migrations of another package run where its program is, without what writes into a home", (lock, command) => {
  const { "pnpm-lock.yaml": _, "pnpm-workspace.yaml": __, ...rest } = SHOP;
  const ours = lock === "pnpm-lock.yaml" ? SHOP : { ...rest, [lock]: "{}" };
  const root = pack({ name: "shop", private: true, workspaces: ["apps/*", "packages/*"] });
  const files = made({
    ...ours,
    "package.json": root,
    ...db({ dependencies: { "@prisma/client": "6", prisma: "6" } }),
  });
  for (const path of ["compose.yaml", "compose.dev.yaml"]) expect(files.get(path)?.text).toContain(`- ${command}\n`);
});

test("packages that pnpm puts into a member stay those of the image", () => {
  const text = made({ ...SHOP, ...db({ dependencies: { "@prisma/client": "6" } }) }).get("compose.dev.yaml")?.text;
  for (const folder of ["apps/api", "packages/db"])
    expect(text).toContain(
      `path: ./${folder}\n          target: /app/${folder}\n          ignore:\n            - node_modules/\n`,
    );
  // A mount would hide them.
  expect(text).not.toMatch(/- \.\/.*:\/app/);
});

test("Rails is worked on as in development, though its image is for production", () => {
  const text = made({
    Gemfile: 'source "https://rubygems.org"\ngem "rails"\ngem "puma"\n',
    "Gemfile.lock": "GEM\n  specs:\n    puma (6.5.0)\n    rails (8.0.0)\n",
    "config/application.rb": "module Shop\n  class Application < Rails::Application\n  end\nend\n",
    "config.ru": "run Rails.application\n",
  }).get("compose.dev.yaml")?.text;
  expect(text).toContain("RAILS_ENV: development");
});

test.each(["aws", "gcp", "azure"] as const)("%s: a database has the version of the tests", (cloud) => {
  const plan = cloudPlan(cloud, {});
  const stores = plan.stores.map((store) => ({ ...store, version: null }));
  const text = terraform
    .render({ ...plan, stores })
    .map((file) => file.text)
    .join("\n");
  const usual = plan.pins.defaults.postgres;
  expect(text).toMatch(new RegExp(`version\\s+= "(?:POSTGRES_)?${usual}"`));
});
