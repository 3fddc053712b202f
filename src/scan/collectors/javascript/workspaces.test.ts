import { describe, expect, test } from "vitest";
import { memoryFiles } from "../../files.ts";
import { scan } from "../../scan.ts";
import { dev, pack, type Repository, told, versions } from "./testing.ts";

const FASTIFY =
  "import Fastify from 'fastify'\nconst app = Fastify()\nawait app.listen({ port: Number(process.env.PORT ?? 3001), host: '0.0.0.0' })\n";
const TURBO: Repository = {
  "package.json": {
    name: "acme",
    private: true,
    packageManager: "pnpm@9.1.0",
    scripts: { build: "turbo build", start: "turbo start" },
    ...dev("turbo", "typescript"),
    engines: { node: ">=20" },
  },
  "pnpm-workspace.yaml": "packages:\n  - 'apps/*'\n  - './packages/*'\n  - '!packages/old'\n",
  "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
  "turbo.json": {},
  "apps/web/package.json": {
    name: "web",
    scripts: { dev: "next dev", build: "next build", start: "next start" },
    dependencies: { ...versions(["next", "react"]), "@acme/ui": "workspace:*" },
  },
  "apps/web/app/page.tsx": "export default function Page() {}",
  "apps/api/package.json": {
    name: "api",
    scripts: { build: "tsup src/index.ts", start: "node dist/index.js" },
    dependencies: { fastify: "^5.0.0", "@acme/db": "workspace:^" },
    ...dev("typescript"),
  },
  "apps/api/src/index.ts": FASTIFY,
  "packages/ui/package.json": { name: "@acme/ui", exports: { ".": "./src/index.tsx" }, ...dev("react") },
  "packages/ui/src/index.tsx": "export const Button = 1",
  "packages/db/package.json": { name: "@acme/db", main: "./index.js", dependencies: versions(["next"]) },
  "packages/db/index.js": "module.exports = 1",
  "packages/old/package.json": pack({ start: "node index.js" }, ["express"]),
  "packages/old/index.js": "require('express')().listen(1)",
};

describe("a monorepo with Next, Fastify and packages", () => {
  test("the root is no service, and its manager holds for all", () => {
    const { values } = told(TURBO);
    expect(values).toMatchObject({ kind: "library", workspace: ".", packageManager: "pnpm" });
    expect(values.start).toBeUndefined();
    expect(values.framework).toBeUndefined();
  });

  test("its applications", () => {
    expect(told(TURBO, "apps/web").values).toMatchObject({
      framework: "next",
      kind: "ssr",
      start: "next start",
      port: 3000,
      build: "pnpm run build",
      install: "pnpm install --frozen-lockfile",
      workspace: ".",
      runtime: { name: "node", version: ">=20" },
      "internal.packages/ui": { path: "packages/ui" },
    });
    expect(told(TURBO, "apps/api").values).toMatchObject({
      framework: "fastify",
      kind: "api",
      start: "node dist/index.js",
      port: 3001,
      bind: "0.0.0.0",
      "internal.packages/db": { path: "packages/db" },
    });
  });

  test.each(["packages/ui", "packages/db"])("%s is a library", (unit) => {
    const { values } = told(TURBO, unit);
    expect(values).toMatchObject({ kind: "library", workspace: "." });
    expect([values.start, values.framework]).toEqual([undefined, undefined]);
  });

  test("what the patterns leave out is by itself", () => {
    const { values } = told(TURBO, "packages/old");
    expect([values.workspace, values.start]).toEqual([undefined, "node index.js"]);
  });

  test("the whole scan agrees", () => {
    const files = Object.fromEntries(
      Object.entries(TURBO).map(([path, body]) => [path, typeof body === "string" ? body : JSON.stringify(body)]),
    );
    const { services } = scan(memoryFiles(files));
    expect(
      services.map(({ name, path, framework, start, internal }) => [name, path, framework, start, internal]),
    ).toEqual([
      ["api", "apps/api", "fastify", "node dist/index.js", ["packages/db"]],
      ["web", "apps/web", "next", "next start", ["packages/ui"]],
      ["old", "packages/old", "express", "node index.js", []],
    ]);
  });
});

const API = { ...pack({ start: "node index.js" }, ["koa"]), name: "@acme/api" };
const KOA = "const Koa = require('koa')\nnew Koa().listen(3000)";

test.each<[string, Repository]>([
  ["npm, Yarn, Bun", { "package.json": { workspaces: ["services/*"] } }],
  ["the form of Yarn 1", { "package.json": { workspaces: { packages: ["services/**"], nohoist: [] } } }],
  ["Lerna", { "lerna.json": { packages: ["services/*"] } }],
  [
    "Rush",
    {
      "rush.json":
        '{ /* all */ "pnpmVersion": "9.0.0", "projects": [{ "packageName": "api", "projectFolder": "services/api" }] }',
    },
  ],
  ["Moon", { ".moon/workspace.yml": "projects:\n  api: services/api\n" }],
  ["Moon with patterns", { ".moon/workspace.yml": "projects:\n  globs: ['services/*']\n" }],
  ["Nx", { "nx.json": {} }],
])("a package of %s", (_, root) => {
  const { values } = told({ ...root, "services/api/package.json": API, "services/api/index.js": KOA }, "services/api");
  expect(values).toMatchObject({ workspace: ".", start: "node index.js", framework: "koa" });
});

describe("roots", () => {
  const members: Repository = {
    "server/package.json": { ...pack({ start: "node index.js" }, ["express"]), name: "server" },
    "server/index.js": "require('express')().listen(4000)",
    "client/package.json": { ...pack({ dev: "vite", build: "vite build" }, [], dev("vite")), name: "client" },
    "client/index.html": "",
  };
  const root = (scripts: Record<string, string>, more: Record<string, unknown> = {}): Repository => ({
    "package.json": pack(scripts, [], more),
    ...members,
  });

  test.each<[string, Repository]>([
    ["by npm", root({ start: "npm start --workspace=server" }, { workspaces: ["server", "client"] })],
    ["by Yarn", root({ start: "yarn workspace server start" }, { workspaces: ["server", "client"] })],
    ["by a folder", root({ start: "cd server && npm start" })],
    ["by a prefix", root({ start: "npm --prefix server start" })],
    ["by Turbo", root({ start: "turbo run start" }, { workspaces: ["server", "client"] })],
  ])("one that starts a package %s has no start of its own", (_, repository) => {
    expect(told(repository).values).toMatchObject({ kind: "library" });
    expect(told(repository).values.start).toBeUndefined();
    expect(told(repository, "server").values).toMatchObject({ start: "node index.js", port: 4000 });
  });

  test.each(["Dockerfile", "Procfile", "fly.toml"])("one that is deployed by its %s is no library", (file) => {
    const { values } = told({
      ...root({ start: "npm start -w server" }, { workspaces: ["server", "client"] }),
      [file]: "",
    });
    expect(values).not.toHaveProperty("kind");
  });

  test("one with a server of its own is a service", () => {
    const files = {
      ...root({ start: "node app.js" }, { workspaces: ["client"], ...dev() }),
      "app.js": "require('express')().listen(4100)",
    };
    expect(
      told({ ...files, "package.json": pack({ start: "node app.js" }, ["express"], { workspaces: ["client"] }) })
        .values,
    ).toMatchObject({
      start: "node app.js",
      framework: "express",
      port: 4100,
      workspace: ".",
    });
  });

  test("a start that reaches into a folder which is no package is its own", () => {
    const files = {
      "package.json": pack({ start: "cd server && node index.js" }, ["express"]),
      "server/index.js": "require('express')().listen(4200)",
    };
    expect(told(files).values).toMatchObject({ start: "cd server && node index.js", framework: "express", port: 4200 });
  });
});

test("catalogs say which version is meant", () => {
  const files = (range: string): Repository => ({
    "package.json": { private: true },
    "pnpm-workspace.yaml": `packages: ['apps/*']\ncatalog:\n  nuxt: ${range}\n`,
    "apps/a/package.json": { scripts: { build: "nuxt build" }, dependencies: { nuxt: "catalog:" } },
    "apps/a/nuxt.config.js": "export default {}",
  });
  expect(told(files("^2.17.0"), "apps/a").values.start).toBe("nuxt start");
  expect(told(files("^3.9.0"), "apps/a").values.start).toBe("node .output/server/index.mjs");
});

test("packages that a folder names are internal", () => {
  const files = {
    "package.json": { workspaces: ["a", "b"] },
    "a/package.json": { name: "a", dependencies: { whatever: "file:../b" } },
    "b/package.json": { name: "b" },
  };
  expect(told(files, "a").values).toMatchObject({ "internal.b": { path: "b" } });
});
