import type { Repositories } from "./types.ts";

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const LOCK = json({ name: "x", lockfileVersion: 3, packages: {} });
const PNPM_LOCK = "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n";
const EXPRESS = `const express = require("express");
const app = express();
app.get("/healthz", (req, res) => res.json({ ok: true }));
app.listen(process.env.PORT || 3000, "0.0.0.0");
`;

/** Applications of JavaScript and TypeScript as people write them, small. */
export const NODE_REPOSITORIES: Repositories = {
  express: {
    "package.json": json({
      name: "orders",
      engines: { node: ">=22" },
      scripts: { start: "node server.js", dev: "node --watch server.js", test: "node --test" },
      dependencies: { express: "^4.21.0", pg: "^8.13.0", ioredis: "^5.4.0" },
    }),
    "package-lock.json": LOCK,
    "server.js": `${EXPRESS}const { Pool } = require("pg");
const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const Redis = require("ioredis");
const cache = new Redis(process.env.REDIS_URL);
const level = process.env.LOG_LEVEL || "info";
const key = process.env.SESSION_SECRET;
`,
    ".gitignore": "node_modules\n.env\n",
    "README.md": "# Orders\n",
  },
  "express without lockfile": {
    "package.json": json({ name: "api", scripts: { start: "node server.js" }, dependencies: { express: "4" } }),
    "server.js": EXPRESS,
  },
  "nest with prisma": {
    "package.json": json({
      name: "backend",
      scripts: {
        build: "nest build",
        "start:prod": "node dist/main",
        start: "nest start",
        "start:dev": "nest start --watch",
      },
      dependencies: {
        "@nestjs/core": "^10",
        "@nestjs/common": "^10",
        "@nestjs/platform-express": "^10",
        "@prisma/client": "^6",
        bcrypt: "^5",
      },
      devDependencies: { "@nestjs/cli": "^10", prisma: "^6", typescript: "^5" },
    }),
    "package-lock.json": LOCK,
    "nest-cli.json": json({ sourceRoot: "src" }),
    "tsconfig.json": "{}",
    "src/main.ts": `import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module";
async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.enableShutdownHooks();
  await app.listen(process.env.PORT ?? 3000);
}
bootstrap();
`,
    "src/app.module.ts": "export class AppModule {}\n",
    "prisma/schema.prisma": `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
generator client { provider = "prisma-client-js" }
model User { id Int @id }
`,
    "prisma/migrations/20240101_init/migration.sql": "create table users (id int);\n",
  },
  "next standalone": {
    "package.json": json({
      name: "shop-web",
      packageManager: "pnpm@10.12.1",
      scripts: { dev: "next dev", build: "next build", start: "next start" },
      dependencies: { next: "15.1.0", react: "19.0.0", "react-dom": "19.0.0", sharp: "^0.33" },
    }),
    "pnpm-lock.yaml": PNPM_LOCK,
    "next.config.mjs": 'export default { output: "standalone" };\n',
    "public/robots.txt": "User-agent: *\n",
    "app/page.tsx": "export default function Page() { return <p>{process.env.NEXT_PUBLIC_SITE}</p>; }\n",
    "app/api/health/route.ts": "export async function GET() { return Response.json({ ok: true }); }\n",
  },
  "next server": {
    "package.json": json({
      name: "blog",
      scripts: { dev: "next dev", build: "next build", start: "next start -p ${PORT:-3000}" },
      dependencies: { next: "14.2.0", react: "18", "react-dom": "18" },
    }),
    "yarn.lock": "# yarn lockfile v1\n",
    "next.config.js": "module.exports = {};\n",
    "pages/index.js": "export default () => null;\n",
  },
  "next export": {
    "package.json": json({
      name: "docs-site",
      scripts: { build: "next build" },
      dependencies: { next: "15.0.0", react: "19", "react-dom": "19" },
    }),
    "package-lock.json": LOCK,
    "next.config.js": 'module.exports = { output: "export" };\n',
    "app/page.js": "export default () => null;\n",
  },
  nuxt: {
    "package.json": json({
      name: "nuxt-app",
      type: "module",
      scripts: { build: "nuxt build", dev: "nuxt dev", preview: "nuxt preview", postinstall: "nuxt prepare" },
      dependencies: { nuxt: "^3.14.0", vue: "^3.5.0" },
    }),
    "package-lock.json": LOCK,
    "nuxt.config.ts": "export default defineNuxtConfig({});\n",
    "app.vue": "<template><div>hi</div></template>\n",
  },
  sveltekit: {
    "package.json": json({
      name: "kit",
      type: "module",
      scripts: { dev: "vite dev", build: "vite build", preview: "vite preview" },
      devDependencies: { "@sveltejs/kit": "^2", "@sveltejs/adapter-node": "^5", svelte: "^5", vite: "^6" },
    }),
    "pnpm-lock.yaml": PNPM_LOCK,
    "svelte.config.js":
      'import adapter from "@sveltejs/adapter-node";\nexport default { kit: { adapter: adapter() } };\n',
    "src/routes/+page.svelte": "<h1>Hi</h1>\n",
    "src/routes/healthz/+server.ts": "export const GET = () => new Response('ok');\n",
  },
  remix: {
    "package.json": json({
      name: "remix-app",
      scripts: { build: "remix vite:build", dev: "remix vite:dev", start: "remix-serve ./build/server/index.js" },
      dependencies: { "@remix-run/node": "^2", "@remix-run/react": "^2", "@remix-run/serve": "^2" },
      devDependencies: { "@remix-run/dev": "^2", vite: "^5" },
    }),
    "package-lock.json": LOCK,
    "vite.config.ts": 'import { vitePlugin as remix } from "@remix-run/dev";\nexport default { plugins: [remix()] };\n',
    "app/root.tsx": "export default function App() { return null; }\n",
  },
  "astro static": {
    "package.json": json({
      name: "landing",
      type: "module",
      scripts: { dev: "astro dev", build: "astro build" },
      dependencies: { astro: "^5.0.0" },
    }),
    "package-lock.json": LOCK,
    "astro.config.mjs": "export default {};\n",
    "src/pages/index.astro": "<h1>Hi</h1>\n",
  },
  "vite spa with bun": {
    "package.json": json({
      name: "dashboard",
      scripts: { dev: "vite", build: "tsc -b && vite build" },
      dependencies: { react: "^19", "react-router-dom": "^7" },
      devDependencies: { vite: "^6", "@vitejs/plugin-react": "^4", typescript: "^5" },
    }),
    "bun.lock": '{ "lockfileVersion": 1 }\n',
    "vite.config.ts": 'import react from "@vitejs/plugin-react";\nexport default { plugins: [react()] };\n',
    "index.html": '<div id="root"></div><script type="module" src="/src/main.tsx"></script>\n',
    "src/main.tsx": "console.log(import.meta.env.VITE_API_URL);\n",
  },
  "turbo monorepo with pnpm": {
    "package.json": json({
      name: "acme",
      private: true,
      packageManager: "pnpm@9.15.0",
      scripts: { build: "turbo run build", dev: "turbo run dev" },
      devDependencies: { turbo: "^2.3.0", typescript: "^5" },
    }),
    "pnpm-lock.yaml": PNPM_LOCK,
    "pnpm-workspace.yaml": "packages:\n  - apps/*\n  - packages/*\n",
    "turbo.json": json({ tasks: { build: { dependsOn: ["^build"], outputs: ["dist/**"] } } }),
    "apps/api/package.json": json({
      name: "@acme/api",
      scripts: { build: "tsc", start: "node dist/index.js", dev: "tsx watch src/index.ts" },
      dependencies: { fastify: "^5", "@acme/shared": "workspace:*" },
      devDependencies: { typescript: "^5", tsx: "^4" },
    }),
    "apps/api/src/index.ts":
      'import Fastify from "fastify";\nconst app = Fastify();\napp.get("/health", async () => ({ ok: true }));\napp.listen({ port: Number(process.env.PORT ?? 4000), host: "0.0.0.0" });\n',
    "apps/web/package.json": json({
      name: "@acme/web",
      scripts: { build: "vite build", dev: "vite" },
      dependencies: { react: "^19", "@acme/shared": "workspace:*" },
      devDependencies: { vite: "^6" },
    }),
    "apps/web/index.html": '<script type="module" src="/src/main.ts"></script>\n',
    "apps/web/vite.config.ts": "export default {};\n",
    "apps/web/src/main.ts": 'import "@acme/shared";\n',
    "packages/shared/package.json": json({
      name: "@acme/shared",
      main: "dist/index.js",
      scripts: { build: "tsc" },
      devDependencies: { typescript: "^5" },
    }),
    "packages/shared/src/index.ts": "export const a = 1;\n",
  },
  "npm workspaces": {
    "package.json": json({ name: "root", private: true, workspaces: ["services/*", "libs/*"] }),
    "package-lock.json": LOCK,
    "services/gateway/package.json": json({
      name: "gateway",
      scripts: { build: "tsc -p .", start: "node dist/server.js" },
      dependencies: { koa: "^2", "@root/util": "*" },
      devDependencies: { typescript: "^5" },
    }),
    "services/gateway/src/server.ts":
      'import Koa from "koa";\nconst app = new Koa();\napp.listen(Number(process.env.PORT) || 3001);\n',
    "services/mailer/package.json": json({
      name: "mailer",
      scripts: { start: "node worker.js" },
      dependencies: { bullmq: "^5", "@root/util": "*" },
    }),
    "services/mailer/worker.js":
      'const { Worker } = require("bullmq");\nnew Worker("mail", async () => {}, { connection: { url: process.env.REDIS_URL } });\n',
    "libs/util/package.json": json({ name: "@root/util", main: "dist/index.js", scripts: { build: "tsc -p ." } }),
    "libs/util/src/index.ts": "export const x = 1;\n",
  },
  "yarn berry": {
    "package.json": json({
      name: "berry",
      packageManager: "yarn@4.5.3",
      scripts: { build: "tsc", start: "node dist/app.js" },
      dependencies: { hono: "^4", "@hono/node-server": "^1" },
      devDependencies: { typescript: "^5" },
    }),
    "yarn.lock": "__metadata:\n  version: 8\n",
    ".yarnrc.yml": "nodeLinker: node-modules\n",
    "src/app.ts":
      'import { serve } from "@hono/node-server";\nimport { Hono } from "hono";\nconst app = new Hono();\napp.get("/health", (c) => c.text("ok"));\nserve({ fetch: app.fetch, port: Number(process.env.PORT || 8787) });\n',
  },
  "bun server": {
    "package.json": json({
      name: "elysia-app",
      scripts: { start: "bun run src/index.ts", dev: "bun --watch src/index.ts" },
      dependencies: { elysia: "latest" },
    }),
    "bun.lock": '{ "lockfileVersion": 1 }\n',
    "src/index.ts":
      'import { Elysia } from "elysia";\nnew Elysia().get("/", () => "hi").listen(process.env.PORT ?? 3000);\n',
  },
  deno: {
    "deno.json": json({
      tasks: { start: "deno run --allow-net --allow-env main.ts" },
      imports: { "@oak/oak": "jsr:@oak/oak@17" },
    }),
    "deno.lock": '{ "version": "4" }\n',
    "main.ts":
      'import { Application } from "@oak/oak";\nconst app = new Application();\nawait app.listen({ port: Number(Deno.env.get("PORT") ?? 8000) });\n',
  },
};
