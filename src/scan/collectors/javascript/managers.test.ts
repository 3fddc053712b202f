import { describe, expect, test } from "vitest";
import { pack, type Repository, told } from "./testing.ts";

const app = (more: Repository = {}, extra: Record<string, unknown> = {}): Repository => ({
  "package.json": pack({ start: "node a.js", build: "tsc", test: "vitest" }, [], extra),
  "a.js": "",
  ...more,
});

describe("package managers", () => {
  test.each<[string, Repository, string, string, string]>([
    ["package-lock.json", app({ "package-lock.json": "{}" }), "npm", "npm ci", "npm run build"],
    ["npm-shrinkwrap.json", app({ "npm-shrinkwrap.json": "{}" }), "npm", "npm ci", "npm run build"],
    [
      "yarn.lock",
      app({ "yarn.lock": "# yarn lockfile v1" }),
      "yarn",
      "yarn install --frozen-lockfile",
      "yarn run build",
    ],
    [
      "yarn.lock of a later Yarn",
      app({ "yarn.lock": "__metadata:\n  version: 8\n" }),
      "yarn",
      "yarn install --immutable",
      "yarn run build",
    ],
    [
      "Yarn by its settings",
      app({ "yarn.lock": "", ".yarnrc.yml": "" }),
      "yarn",
      "yarn install --immutable",
      "yarn run build",
    ],
    [
      "Yarn by the manifest",
      app({ "yarn.lock": "" }, { packageManager: "yarn@1.22.22" }),
      "yarn",
      "yarn install --frozen-lockfile",
      "yarn run build",
    ],
    ["pnpm-lock.yaml", app({ "pnpm-lock.yaml": "" }), "pnpm", "pnpm install --frozen-lockfile", "pnpm run build"],
    ["bun.lock", app({ "bun.lock": "{}" }), "bun", "bun install --frozen-lockfile", "bun run build"],
    ["bun.lockb", app({ "bun.lockb": "" }), "bun", "bun install --frozen-lockfile", "bun run build"],
    [
      "packageManager alone",
      app({}, { packageManager: "pnpm@9.1.0+sha256.abc" }),
      "pnpm",
      "pnpm install",
      "pnpm run build",
    ],
    [
      "devEngines",
      app({}, { devEngines: { packageManager: { name: "yarn" } } }),
      "yarn",
      "yarn install",
      "yarn run build",
    ],
    [
      "engines that mean it",
      app({}, { engines: { npm: "please-use-yarn", yarn: ">=1.22" } }),
      "yarn",
      "yarn install",
      "yarn run build",
    ],
    [
      "only-allow",
      app({ "package.json": pack({ preinstall: "npx only-allow pnpm", build: "x" }) }),
      "pnpm",
      "pnpm install",
      "pnpm run build",
    ],
    [
      "an image that installs",
      app({ Dockerfile: "FROM node\nCOPY . .\nRUN yarn install --production\n" }),
      "yarn",
      "yarn install",
      "yarn run build",
    ],
    [
      "CI that installs",
      app({ ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n      - run: pnpm install\n" }),
      "pnpm",
      "pnpm install",
      "pnpm run build",
    ],
    ["nothing", app(), "npm", "npm install", "npm run build"],
  ])("%s", (_, repository, manager, install, build) => {
    const { values, conflicts } = told(repository);
    expect([values.packageManager, values.install, values.build]).toEqual([manager, install, build]);
    expect(conflicts).toEqual([]);
  });

  test("two lockfiles are a conflict; what images install with decides", () => {
    const both = app({ "yarn.lock": "", "package-lock.json": "{}" });
    const { conflicts, facts } = told(both);
    expect(conflicts).toMatchObject([{ fact: "packageManager", values: [{ value: "yarn" }, { value: "npm" }] }]);
    expect(facts.get("packageManager")?.confidence).toBeLessThan(1);
    const image = { Dockerfile: "FROM node\nRUN npm ci\n" };
    expect(told({ ...both, ...image }).values).toMatchObject({ packageManager: "npm", install: "npm ci" });
  });

  test("a lockfile that contradicts the manifest is a conflict that the manifest wins", () => {
    const { values, conflicts } = told(app({ "package-lock.json": "{}" }, { packageManager: "pnpm@9.0.0" }));
    expect(values.packageManager).toBe("pnpm");
    expect(conflicts).toHaveLength(1);
  });
});

describe("tests", () => {
  test.each([
    [{ test: 'echo "Error: no test specified" && exit 1' }, undefined],
    [{ test: "jest" }, "npm test"],
    [{ "test:unit": "vitest run" }, "npm run test:unit"],
    [{}, undefined],
  ])("%j", (scripts, expected) => expect(told({ "package.json": pack(scripts) }).values.test).toBe(expected));
});

describe("versions", () => {
  const versions = (more: Repository, extra: Record<string, unknown> = {}) => told(app(more, extra)).values.runtime;
  const node = (version: string | null) => ({ name: "node", version });

  test.each<[string, Repository, Record<string, unknown>, string | null]>([
    [".nvmrc", { ".nvmrc": "20\n" }, {}, "20"],
    [".nvmrc with a letter", { ".nvmrc": "\uFEFF# why\r\nv20.11.1\r\n" }, {}, "20.11.1"],
    [".nvmrc with a line of support", { ".nvmrc": "lts/iron" }, {}, "20"],
    ["another line", { ".nvmrc": "lts/Jod" }, {}, "22"],
    [".nvmrc that moves", { ".nvmrc": "lts/*" }, {}, null],
    [".nvmrc that moves, and engines", { ".nvmrc": "node" }, { engines: { node: ">=18" } }, ">=18"],
    [".nvmrc that cannot be read", { ".nvmrc": "the newest one" }, {}, null],
    [".node-version", { ".node-version": "18.19.0" }, {}, "18.19.0"],
    ["engines", {}, { engines: { node: "^18 || >=20" } }, "^18 || >=20"],
    ["engines that cannot be read", {}, { engines: { node: "latest please" } }, null],
    ["engines that say nothing", {}, { engines: { node: "*" } }, null],
    ["engines of a wrong form", {}, { engines: ["node >= 18"] }, null],
    ["volta", {}, { volta: { node: "20.10.0" } }, "20.10.0"],
    [
      "volta elsewhere",
      { "base.json": { volta: { node: "20.9.0" } } },
      { volta: { extends: "./base.json" } },
      "20.9.0",
    ],
    ["devEngines", {}, { devEngines: { runtime: [{ name: "node", version: "^22" }] } }, "^22"],
    [".tool-versions", { ".tool-versions": "ruby 3.3\nnodejs 20.5.0\n" }, {}, "20.5.0"],
    ["mise.toml", { "mise.toml": '[tools]\nnode = "22"\n' }, {}, "22"],
    [".prototools", { ".prototools": 'node = "21.1"\n' }, {}, "21.1"],
    [".npmrc", { ".npmrc": "use-node-version=20.2.0\n" }, {}, "20.2.0"],
    ["a pin before a range", { ".tool-versions": "nodejs 20.5.0" }, { engines: { node: ">=18" } }, "20.5.0"],
    ["nothing", {}, {}, null],
  ])("%s", (_, more, extra, expected) => expect(versions(more, extra)).toEqual(node(expected)));

  test("what cannot hold together is a conflict, what can is none", () => {
    expect(told(app({ ".nvmrc": "20" }, { engines: { node: "16.x" } })).conflicts).toHaveLength(1);
    expect(told(app({ ".nvmrc": "20" }, { engines: { node: ">=18" } })).conflicts).toEqual([]);
  });

  test("a version that moves stays as what was written", () => {
    const { facts, misses } = told(app({ ".nvmrc": "lts/*" }));
    expect(facts.get("runtime")?.alternatives).toMatchObject([{ value: node("lts/*"), source: "default" }]);
    expect(misses.map(({ fact }) => fact)).toEqual(["runtime"]);
  });

  test("a folder takes the files above it", () => {
    expect(
      told({ "apps/a/package.json": pack({ start: "node a.js" }), ".nvmrc": "18" }, "apps/a").values.runtime,
    ).toEqual(node("18"));
  });

  test("Bun has a file of its own", () => {
    const files = { "package.json": pack({ start: "bun run a.ts" }), "a.ts": "", ".bun-version": "1.1.20" };
    expect(told(files).values.runtime).toEqual({ name: "bun", version: "1.1.20" });
  });
});
