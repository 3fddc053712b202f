import { type Snippets, snippet } from "./snippet.ts";

const STOP = `for (const signal of ["SIGTERM", "SIGINT"])
  process.once(signal, () => {
    // Open requests may end; what still runs after ten seconds is cut.
    server.close(() => process.exit(0));
    setTimeout(() => process.exit(1), 10_000).unref();
  });`;

const DURATION = `// npm install prom-client
import client from "prom-client";

client.collectDefaultMetrics();
const duration = new client.Histogram({
  name: "http_request_duration_seconds",
  help: "Duration of requests in seconds",
  labelNames: ["method", "route", "status"],
});`;

/** A logger that writes a JSON object a line. */
export const PINO = `// npm install pino
import pino from "pino";

export const logger = pino({ level: process.env.LOG_LEVEL ?? "info" });
logger.info({ port: process.env.PORT }, "listening");`;

export const express: Snippets = {
  health: snippet(`
app.get("/healthz", (_request, response) => {
  response.json({ status: "ok" });
});`),
  shutdown: snippet(`
const server = app.listen(process.env.PORT ?? 3000, "0.0.0.0");
${STOP}`),
  metrics: snippet(`
${DURATION}

app.use((request, response, next) => {
  const end = duration.startTimer();
  response.on("finish", () =>
    end({ method: request.method, route: request.route?.path ?? "none", status: response.statusCode }),
  );
  next();
});
app.get("/metrics", async (_request, response) => {
  response.set("Content-Type", client.register.contentType).end(await client.register.metrics());
});`),
  logging: snippet(`
// npm install pino pino-http
import pino from "pino";
import { pinoHttp } from "pino-http";

const logger = pino({ level: process.env.LOG_LEVEL ?? "info" });
app.use(pinoHttp({ logger }));`),
};

export const fastify: Snippets = {
  health: snippet(`
app.get("/healthz", { logLevel: "silent" }, async () => ({ status: "ok" }));`),
  shutdown: snippet(`
for (const signal of ["SIGTERM", "SIGINT"])
  process.once(signal, async () => {
    // Waits for open requests, then runs the onClose hooks.
    await app.close();
    process.exit(0);
  });`),
  metrics: snippet(`
// npm install fastify-metrics
import metrics from "fastify-metrics";

await app.register(metrics, { endpoint: "/metrics" });`),
  logging: snippet(`
const app = Fastify({ logger: { level: process.env.LOG_LEVEL ?? "info" } });`),
};

export const nest: Snippets = {
  health: snippet(
    `
import { Controller, Get } from "@nestjs/common";

// Add it to the controllers of AppModule.
@Controller("healthz")
export class HealthController {
  @Get()
  check() {
    return { status: "ok" };
  }
}`,
    "src/health.controller.ts",
  ),
  shutdown: snippet(`
// Before listen(): the hooks onModuleDestroy and onApplicationShutdown run on SIGTERM.
app.enableShutdownHooks();`),
  metrics: snippet(
    `
// npm install @willsoto/nestjs-prometheus prom-client
import { Module } from "@nestjs/common";
import { PrometheusModule } from "@willsoto/nestjs-prometheus";

@Module({ imports: [PrometheusModule.register({ path: "/metrics" })] })
export class MetricsModule {}`,
    "src/metrics.module.ts",
  ),
  logging: snippet(`
// npm install nestjs-pino pino-http; import LoggerModule.forRoot() in AppModule.
import { Logger } from "nestjs-pino";

const app = await NestFactory.create(AppModule, { bufferLogs: true });
app.useLogger(app.get(Logger));`),
};

export const hono: Snippets = {
  health: snippet(`
app.get("/healthz", (context) => context.json({ status: "ok" }));`),
  shutdown: snippet(`
import { serve } from "@hono/node-server";

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
${STOP}`),
  metrics: snippet(`
// npm install @hono/prometheus prom-client
import { prometheus } from "@hono/prometheus";

const { printMetrics, registerMetrics } = prometheus();
app.use("*", registerMetrics);
app.get("/metrics", printMetrics);`),
  logging: snippet(`
${PINO}

app.use(async (context, next) => {
  const start = performance.now();
  await next();
  logger.info({ method: context.req.method, path: context.req.path, status: context.res.status, ms: performance.now() - start });
});`),
};

export const koa: Snippets = {
  health: snippet(`
app.use(async (context, next) => {
  if (context.path !== "/healthz") return next();
  context.body = { status: "ok" };
});`),
  shutdown: snippet(`
const server = app.listen(process.env.PORT ?? 3000, "0.0.0.0");
${STOP}`),
  metrics: snippet(`
${DURATION}

app.use(async (context, next) => {
  if (context.path === "/metrics") {
    context.type = client.register.contentType;
    context.body = await client.register.metrics();
    return;
  }
  const end = duration.startTimer();
  await next();
  end({ method: context.method, route: context._matchedRoute ?? "none", status: context.status });
});`),
  logging: snippet(`
${PINO}

app.use(async (context, next) => {
  const start = performance.now();
  await next();
  logger.info({ method: context.method, path: context.path, status: context.status, ms: performance.now() - start });
});`),
};

export const next: Snippets = {
  health: snippet(
    `
export const dynamic = "force-dynamic";

export function GET() {
  return Response.json({ status: "ok" });
}`,
    "app/healthz/route.ts",
  ),
  metrics: snippet(
    `
// npm install prom-client
import client from "prom-client";

export const dynamic = "force-dynamic";
if (!client.register.getSingleMetric("process_cpu_seconds_total")) client.collectDefaultMetrics();

export async function GET() {
  return new Response(await client.register.metrics(), { headers: { "Content-Type": client.register.contentType } });
}`,
    "app/metrics/route.ts",
  ),
  logging: snippet(PINO, "lib/logger.ts"),
};

/** Node's own server, and frameworks whose server it is. */
export const node: Snippets = {
  health: snippet(`
if (request.url === "/healthz") {
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ status: "ok" }));
}`),
  shutdown: snippet(STOP),
  metrics: snippet(`
${DURATION}

if (request.url === "/metrics") {
  response.setHeader("Content-Type", client.register.contentType);
  response.end(await client.register.metrics());
}`),
  logging: snippet(PINO),
};
