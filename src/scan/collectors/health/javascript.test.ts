import { expect, test } from "vitest";
import { healthOf, pkg } from "./testing.ts";

const EXPRESS = pkg("express");

test.each<[string, Record<string, string>, string | undefined, string?]>([
  [
    "Express",
    { ...EXPRESS, "app.js": 'const app = express();\napp.get("/healthz", (req, res) => res.send("ok"));' },
    "/healthz app.js:2",
  ],
  [
    "several lines",
    { ...EXPRESS, "app.js": 'app\n  .route("/health")\n  .get((req, res) => res.end());' },
    "/health app.js:2",
  ],
  [
    "a router of the same file",
    { ...EXPRESS, "app.js": 'const router = express.Router();\nrouter.get("/health", ok);\napp.use("/api", router);' },
    "/api/health app.js:2",
  ],
  [
    "a router of another file",
    {
      ...EXPRESS,
      "src/app.js": 'const health = require("./routes/health");\napp.use("/api/v1", health);',
      "src/routes/health.js":
        'const router = require("express").Router();\nrouter.get("/health", ok);\nmodule.exports = router;',
    },
    "/api/v1/health src/routes/health.js:2",
  ],
  [
    "a router in a router",
    {
      ...EXPRESS,
      "src/app.ts": 'import routes from "./routes/index.js";\napp.use("/api", routes);',
      "src/routes/index.ts":
        'import { healthRouter } from "./health.js";\nconst router = Router();\nrouter.use("/health", healthRouter);\nexport default router;',
      "src/routes/health.ts":
        'export const healthRouter = Router();\nhealthRouter.get("/", ok);\nhealthRouter.get("/ready", ready);',
    },
    "/api/health src/routes/health.ts:2",
    "/api/health/ready src/routes/health.ts:3",
  ],
  [
    "an inline require",
    {
      ...EXPRESS,
      "app.js": 'app.use("/internal", require("./health")(db));',
      "health.js": 'module.exports = (db) => { const r = Router(); r.get("/ready", f); r.get("/live", f); return r; };',
    },
    "/internal/live health.js:1",
    "/internal/ready health.js:1",
  ],
  [
    "routers handed on",
    {
      ...EXPRESS,
      "src/app.ts": 'import { status } from "./routes";\napp.use("/v1", status);',
      "src/routes/index.ts": 'export { default as status } from "./status.js";',
      "src/routes/status.ts": 'const r = Router();\nr.get("/status", f);\nexport default r;',
    },
    "/v1/status src/routes/status.ts:2",
  ],
  [
    "a list of routers",
    {
      ...EXPRESS,
      "src/index.js":
        'const health = require("./health.route");\nconst routes = [\n  { path: "/users", route: users },\n  { path: "/health", route: health },\n];\nroutes.forEach((r) => { router.use(r.path, r.route); });',
      "src/health.route.js": 'const router = express.Router();\nrouter.get("/", f);',
    },
    "/health src/health.route.js:2",
  ],
  [
    "a prefix that is a constant",
    {
      ...EXPRESS,
      "app.ts": 'import { API } from "./config.ts";\nimport h from "./h.ts";\napp.use(`${API}/ops`, h);',
      "config.ts": 'export const API = "/api/v2";',
      "h.ts": 'const r = Router();\nr.get("/healthcheck", f);\nexport default r',
    },
    "/api/v2/ops/healthcheck h.ts:2",
  ],
  [
    "middleware on a path",
    { ...EXPRESS, "app.js": 'app.use("/healthz", (req, res) => res.sendStatus(200));' },
    "/healthz app.js:1",
  ],
  [
    "Fastify",
    {
      ...pkg("fastify"),
      "server.ts": 'const app = Fastify();\napp.get("/health", { logLevel: "silent" }, async () => ({ ok: true }));',
    },
    "/health server.ts:2",
  ],
  [
    "a route object",
    { ...pkg("fastify"), "server.ts": 'app.route({\n  method: "GET",\n  url: "/readyz",\n  handler,\n});' },
    undefined,
    "/readyz server.ts:1",
  ],
  [
    "a plugin with a prefix",
    {
      ...pkg("fastify"),
      "server.ts": 'import health from "./health.ts";\napp.register(health, { prefix: "/api" });',
      "health.ts": 'export default async function (fastify) {\n  fastify.get("/health", async () => "ok");\n}',
    },
    "/api/health health.ts:2",
  ],
  [
    "a plugin in place",
    {
      ...pkg("fastify"),
      "server.js": 'app.register(async (api) => {\n  api.get("/health", h);\n}, { prefix: "/v1" });',
    },
    "/v1/health server.js:2",
  ],
  [
    "Hono",
    {
      ...pkg("hono"),
      "index.ts": 'const app = new Hono().basePath("/api");\napp.get("/healthz", (c) => c.text("ok"));',
    },
    "/api/healthz index.ts:2",
  ],
  [
    "Hono in Hono",
    {
      ...pkg("hono"),
      "index.ts": 'import { ops } from "./ops";\nconst app = new Hono();\napp.route("/ops", ops);',
      "ops.ts":
        'export const ops = new Hono()\n  .get("/live", (c) => c.text("ok"))\n  .get("/ready", (c) => c.text("ok"));',
    },
    "/ops/live ops.ts:2",
    "/ops/ready ops.ts:3",
  ],
  [
    "Koa",
    {
      ...pkg("koa"),
      "app.js":
        'const router = new Router({ prefix: "/api" });\nrouter.get("health", "/health", (ctx) => { ctx.body = 1; });',
    },
    "/api/health app.js:2",
  ],
  ["Elysia", { ...pkg("elysia"), "index.ts": 'new Elysia().get("/health", "ok").listen(3000);' }, "/health index.ts:1"],
  [
    "Adonis",
    {
      ...pkg("@adonisjs/core"),
      "start/routes.ts": "router.group(() => {\n  router.get('/health', [HealthChecksController])\n}).prefix('/api')",
    },
    "/api/health start/routes.ts:2",
  ],
  [
    "Nest",
    {
      ...pkg("@nestjs/core"),
      "src/health.controller.ts":
        '@Controller("health")\nexport class HealthController {\n  @Get()\n  @HealthCheck()\n  check() {}\n  @Get("ready")\n  ready() {}\n}',
    },
    "/health src/health.controller.ts:3",
    "/health/ready src/health.controller.ts:6",
  ],
  [
    "Nest below a prefix",
    {
      ...pkg("@nestjs/core"),
      "src/main.ts": 'app.setGlobalPrefix("api");\napp.enableVersioning();',
      "src/h.ts": '@Controller({ path: "health", version: "1" })\nclass H {\n  @Get() get() {}\n}',
    },
    "/api/v1/health src/h.ts:3",
  ],
  [
    "Nest outside its prefix",
    {
      ...pkg("@nestjs/core"),
      "src/main.ts": 'app.setGlobalPrefix("api", { exclude: ["health"] });',
      "src/h.ts": '@Controller("health")\nclass H {\n  @Get() get() {}\n}',
    },
    "/health src/h.ts:3",
  ],
  [
    "a server without framework",
    {
      "package.json": "{}",
      "server.js": 'createServer((req, res) => {\n  if (req.url === "/healthz") return res.end();\n})',
    },
    "/healthz server.js:2",
  ],
  [
    "terminus",
    {
      ...EXPRESS,
      "server.js": 'createTerminus(server, {\n  healthChecks: { "/healthcheck": check, verbatim: true },\n});',
    },
    "/healthcheck server.js:2",
  ],
  [
    "Next",
    { ...pkg("next"), "app/api/health/route.ts": "export async function GET() {}" },
    "/api/health app/api/health/route.ts:1",
  ],
  [
    "Next with groups and a base",
    {
      ...pkg("next"),
      "next.config.mjs": 'export default { basePath: "/shop" };',
      "src/app/(ops)/healthz/route.js": "\nexport const GET = () => new Response();",
    },
    "/shop/healthz src/app/(ops)/healthz/route.js:2",
  ],
  [
    "pages of Next",
    { ...pkg("next"), "pages/api/health/index.ts": "export default function handler() {}" },
    "/api/health pages/api/health/index.ts:1",
  ],
  [
    "Nuxt",
    { ...pkg("nuxt"), "server/api/health.get.ts": "export default defineEventHandler(() => 1)" },
    "/api/health server/api/health.get.ts:1",
  ],
  [
    "a route of Nuxt's server",
    { ...pkg("nuxt"), "server/routes/healthz.ts": "export default eventHandler(() => 1)" },
    "/healthz server/routes/healthz.ts:1",
  ],
  [
    "SvelteKit",
    { ...pkg("@sveltejs/kit", true), "src/routes/healthz/+server.ts": "export const GET = () => new Response()" },
    "/healthz src/routes/healthz/+server.ts:1",
  ],
  [
    "Remix",
    { ...pkg("@remix-run/node"), "app/routes/healthcheck.tsx": "export async function loader() {}" },
    "/healthcheck app/routes/healthcheck.tsx:1",
  ],
  [
    "Remix with dots",
    { ...pkg("@remix-run/node"), "app/routes/api.health.ts": "export const loader = () => 1" },
    "/api/health app/routes/api.health.ts:1",
  ],
  [
    "Astro",
    { ...pkg("astro"), "src/pages/api/health.json.ts": "export const GET = () => new Response()" },
    "/api/health.json src/pages/api/health.json.ts:1",
  ],
  ["only a readiness", { ...EXPRESS, "a.js": 'app.get("/readyz", f)' }, undefined, "/readyz a.js:1"],
  [
    "the more general of several",
    { ...EXPRESS, "a.js": 'app.get("/ping", f);\napp.get("/health", f);\napp.get("/health/live", f);' },
    "/health a.js:2",
  ],

  [
    "a prefix with a fallback",
    {
      ...pkg("@nestjs/core"),
      "m.ts": 'app.setGlobalPrefix(process.env.API_PREFIX || "v1");',
      "h.ts": '@Controller("health")\nclass H {\n  @Get() get() {}\n}',
    },
    "/v1/health h.ts:3",
  ],
  [
    "a prefix that is nowhere",
    {
      ...pkg("@nestjs/core"),
      "m.ts": 'app.setGlobalPrefix(config.get("prefix"));',
      "h.ts": '@Controller("health")\nclass H {\n  @Get() get() {}\n}',
    },
    undefined,
  ],
  [
    "folders of an autoload",
    {
      ...pkg("@fastify/autoload"),
      "routes/health/index.js": 'module.exports = async function (fastify) {\n  fastify.get("/", async () => "ok");\n}',
    },
    "/health routes/health/index.js:2",
  ],
  ["a client with options", { ...EXPRESS, "a.js": 'api.get("/health", requestOptions);' }, undefined],
])("%s", (_, files, health, readiness) => {
  expect(healthOf(files)).toEqual({ health, readiness });
});
