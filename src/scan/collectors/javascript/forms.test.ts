import { expect, test } from "vitest";
import { dev, pack, picked, type Repository, told } from "./testing.ts";

const LISTEN = "import express from 'express';\nconst app = express();\napp.listen(process.env.PORT || 3000);\n";
const TSC = { "tsconfig.json": { compilerOptions: { outDir: "dist", rootDir: "src" } } };

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "a template of Vue alone is written in neither language",
    {
      "package.json": pack({ build: "nuxt build" }, ["nuxt@^3.13.0"]),
      "nuxt.config.ts": "export default defineNuxtConfig({})",
      "tsconfig.json": '{ "extends": "./.nuxt/tsconfig.json" }',
      "app.vue": "<template><NuxtPage /></template>",
    },
    { language: "TypeScript", framework: "nuxt" },
  ],
  [
    "a component of Vue with plain JavaScript",
    {
      "package.json": pack({ build: "vite build" }, ["vue"], dev("vite")),
      "index.html": "",
      "vite.config.ts": "",
      "src/App.vue": "<script>\nexport default {}\n</script>",
    },
    { language: "JavaScript" },
  ],
  [
    "the port of Nuxt 2",
    {
      "package.json": pack({ build: "nuxt build", start: "nuxt start" }, ["nuxt@^2.15.8"]),
      "nuxt.config.js": "export default {\n  server: { port: 8000, host: '0.0.0.0' },\n}",
      "pages/index.vue": "",
    },
    { port: 8000, start: "nuxt start" },
  ],
  [
    "a static Nuxt 2 is generated, not built",
    {
      "package.json": pack({ build: "nuxt build", start: "nuxt start", generate: "nuxt generate" }, ["nuxt@^2.15.8"]),
      "nuxt.config.js": "export default {\n  target: 'static',\n}",
    },
    { build: "npm run generate", output: "dist", kind: "static", start: undefined },
  ],
  [
    "a page of webpack built by a script of its own",
    {
      "package.json": pack({ dev: "webpack-dev-server", start: "npm run dev", build: "node build/build.js" }, ["vue"], {
        ...dev("webpack", "webpack-dev-server", "express"),
      }),
      "build/build.js": "",
      "index.html": "<div id=app></div>",
      "src/main.js": "new Vue({ el: '#app' })",
    },
    { kind: "spa", output: "dist", framework: undefined, start: undefined },
  ],
  [
    "a page with a watcher of its styles",
    {
      "package.json": pack({ start: "gulp watch", build: "gulp build" }, ["bootstrap", "jquery"], dev("gulp")),
      "index.html": "<html></html>",
    },
    { kind: "static", output: ".", start: undefined },
  ],
  [
    "what start compiles first is the build",
    {
      "package.json": pack({ start: "tsc && node dist/index.js" }, ["express"], dev("typescript")),
      ...TSC,
      "src/index.ts": LISTEN,
    },
    { build: "npx tsc", start: "node dist/index.js" },
  ],
  [
    "the compiler leaves out what its configuration excludes",
    {
      "package.json": pack({ dev: "tsx watch src/main.ts", build: "tsc -p tsconfig.build.json" }, ["express"]),
      "tsconfig.json": { compilerOptions: { outDir: "./dist" } },
      "tsconfig.build.json": { extends: "./tsconfig.json", exclude: ["node_modules", "test", "**/*.bench.ts"] },
      "src/main.ts": LISTEN,
      "test/main.test.ts": "",
      "tools/a.bench.ts": "",
    },
    { start: "node dist/main.js" },
  ],
  [
    "the compiler takes everything else",
    {
      "package.json": pack({ dev: "tsx watch src/main.ts", build: "tsc" }, ["express"]),
      "tsconfig.json": { compilerOptions: { outDir: "./dist" } },
      "src/main.ts": LISTEN,
      "prisma/seed.ts": "",
    },
    { start: "node dist/src/main.js" },
  ],
  [
    "tsup as its configuration says",
    {
      "package.json": pack({ dev: "tsx watch src/server.ts", build: "tsup" }, ["express"], dev("tsup", "tsx")),
      "tsup.config.ts":
        "export default defineConfig({ entry: ['src/server.ts'], outDir: 'build', format: ['cjs'], clean: true })",
      "src/server.ts": LISTEN,
    },
    { start: "node build/server.js" },
  ],
  [
    "nodemon runs what its configuration says",
    {
      "package.json": pack({ start: "nodemon" }, ["express"], dev("nodemon", "ts-node")),
      "nodemon.json": { watch: ["src"], exec: "ts-node -r tsconfig-paths/register src/index.ts" },
      "src/index.ts": LISTEN,
    },
    { start: "ts-node -r tsconfig-paths/register src/index.ts" },
  ],
  [
    "places for arguments of the whole command",
    {
      "package.json": pack(
        { start: 'concurrently -k -P "next start {@}" "yarn worker:prod" --', "worker:prod": "ts-node worker.ts" },
        ["next"],
      ),
      "pages/index.tsx": "",
    },
    { start: "next start" },
  ],
  [
    "a server that only its preview starts",
    {
      "package.json": pack(
        { dev: "node server", build: "vite build", preview: "cross-env NODE_ENV=production node server" },
        ["express"],
        dev("vite"),
      ),
      "server.js": LISTEN,
      "index.html": "",
    },
    { start: "NODE_ENV=production node server", framework: "express" },
  ],
  [
    "LoopBack listens by itself",
    {
      "package.json": pack({ start: "node ." }, ["@loopback/rest"], { main: "dist/index.js" }),
      "src/application.ts": "import { RestApplication } from '@loopback/rest';",
      "src/index.ts": "const app = new Application(options);\nawait app.start();",
      ...TSC,
    },
    { framework: "loopback", port: 3000 },
  ],
  [
    "Apollo Server 2 by itself",
    {
      "package.json": pack({ start: "node index.js" }, ["apollo-server"]),
      "index.js": "const { ApolloServer } = require('apollo-server');\nnew ApolloServer({});\nserver.listen();",
    },
    { port: 4000 },
  ],
  [
    "Directus",
    { "package.json": pack({ start: "directus start", bootstrap: "directus bootstrap" }, ["directus"]) },
    { framework: "directus", start: "directus start", port: 8055 },
  ],
  [
    "Meteor without a package that names it",
    {
      "package.json": pack({}, ["@babel/runtime"]),
      ".meteor/release": "METEOR@2.8\n",
      "server/main.js": "import { Meteor } from 'meteor/meteor';",
    },
    { framework: "meteor", start: undefined },
  ],
  [
    "a plugin whose start watches it",
    {
      "package.json": pack({ start: "wp-scripts start", build: "wp-scripts build" }, [], dev("@wordpress/scripts")),
      "src/index.js": "registerBlockType('x/y', {});",
    },
    { start: undefined },
  ],
  [
    "Egg in the foreground",
    { "package.json": pack({ start: "egg-scripts start --daemon --title=shop" }, ["egg", "egg-scripts"]) },
    { framework: "egg", start: "egg-scripts start --title=shop", port: 7001 },
  ],
  [
    "Redwood",
    {
      "package.json": { private: true, workspaces: { packages: ["api", "web"] }, ...dev("@redwoodjs/core") },
      "redwood.toml": "[web]\n",
    },
    { framework: "redwood", start: "rw serve", port: 8910 },
  ],
  [
    "Quasar",
    {
      "package.json": pack({ dev: "quasar dev", build: "quasar build" }, ["quasar", "vue"], dev("@quasar/app-vite")),
      "quasar.config.js": "",
    },
    { framework: "quasar", kind: "spa", output: "dist/spa", start: undefined },
  ],
  [
    "Rsbuild",
    {
      "package.json": pack({ build: "rsbuild build", preview: "rsbuild preview" }, ["react"], dev("@rsbuild/core")),
      "rsbuild.config.ts": "",
    },
    { framework: "rsbuild", kind: "spa", output: "dist" },
  ],
  [
    "one project of Nx at the root",
    {
      "package.json": pack({ start: "nx start", build: "nx build" }, ["next"], dev("nx")),
      "nx.json": {},
      "project.json": { name: "shop", projectType: "application", targets: { build: { executor: "@nx/next:build" } } },
      "next.config.js": "",
    },
    { framework: "next", start: "next start" },
  ],
])("%s", (_, repository, expected) => {
  expect(picked(told(repository), expected)).toEqual(expected);
});

test("what watches sources runs what is built of them, also below the root", () => {
  const found = told(
    {
      "packages/server/package.json": pack({ dev: "ts-node-dev src/index.ts", build: "tsc" }, ["express"]),
      "packages/server/tsconfig.json": TSC["tsconfig.json"],
      "packages/server/src/index.ts": LISTEN,
      "packages/other/package.json": pack({ build: "tsc" }, ["express"]),
      "packages/other/tsconfig.json": TSC["tsconfig.json"],
      "packages/other/src/index.ts": LISTEN,
    },
    "packages/server",
  );
  expect(found.values.start).toBe("node dist/index.js");
});

test("a package whose manifest names no script runs what is built of its entry, also below the root", () => {
  const files = {
    "api/package.json": pack({ build: "tsc" }, ["express"]),
    "api/tsconfig.json": TSC["tsconfig.json"],
    "api/src/index.ts": LISTEN,
  };
  expect(told(files, "api").values.start).toBe("node dist/index.js");
});

test.each<[string, Record<string, string>, string | undefined]>([
  ["what is started is compiled", { start: "node dist/index.js" }, "npx tsc"],
  [
    "it is compiled when production starts",
    { start: "ts-node src/index.ts", "start:prod": "tsc && node dist/index.js" },
    "npx tsc",
  ],
  ["a script compiles it", { start: "node dist/index.js", build: "tsc" }, "npm run build"],
  ["it is run as it is", { start: "tsx src/index.ts" }, undefined],
  ["another file is started", { start: "node index.js" }, undefined],
])("the compiler is the build where %s", (_, scripts, expected) => {
  const found = told({
    "package.json": pack(scripts, ["express"], dev("typescript", "tsx", "ts-node")),
    "tsconfig.json": TSC["tsconfig.json"],
    "src/index.ts": LISTEN,
  });
  expect(found.values.build).toBe(expected);
});

test("the adapter shows how SvelteKit starts", () => {
  const found = told({
    "package.json": pack({ build: "vite build" }, [], dev("@sveltejs/kit", "@sveltejs/adapter-node", "vite")),
    "svelte.config.js":
      "import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';\nimport adapter from '@sveltejs/adapter-node';\nexport default { kit: { adapter: adapter({ out: 'dist' }) } };\n",
    "src/routes/+page.svelte": "",
  });
  expect(found.values.start).toBe("node dist");
  expect(found.at("start")).toBe("svelte.config.js:2");
});

test("Rush names the package manager of its packages", () => {
  const found = told(
    {
      "rush.json": {
        rushVersion: "5.100.0",
        pnpmVersion: "8.6.0",
        projects: [{ packageName: "api", projectFolder: "apps/api" }],
      },
      "apps/api/package.json": pack({ start: "node lib/index.js" }, ["express"], { name: "api" }),
      "apps/api/lib/index.js": LISTEN,
    },
    "apps/api",
  );
  expect(found.values.packageManager).toBe("pnpm");
  expect(found.at("packageManager")).toBe("rush.json:3");
});
