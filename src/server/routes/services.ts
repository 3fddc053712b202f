import { setTimeout as delay } from "node:timers/promises";
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { LogRequest } from "../../contract/requests.ts";
import { lineBacklog } from "../backlog.ts";
import { ByName, failures, json, LogLine, LogQuery } from "../schemas.ts";
import { streamBacklog } from "../sse.ts";
import { type App, type AppEnv, actorOf, type RouteContext } from "./route.ts";

const LINE_PAUSE_MS = 50;
/** A restart that is refused says so in the answer; one that takes longer has been accepted. */
const ACCEPTED_AFTER_MS = 1_000;

const logs = createRoute({
  method: "get",
  path: "/api/services/{name}/logs",
  tags: ["services"],
  summary: "The last lines of a service's log, or a stream of them",
  request: { params: ByName, query: LogQuery },
  responses: {
    200: {
      description: "The lines, oldest first; with `follow` one LogLine per server-sent event",
      content: {
        "application/json": { schema: z.object({ lines: z.array(LogLine) }) },
        "text/event-stream": { schema: LogLine },
      },
    },
    ...failures,
  },
});

const restart = createRoute({
  method: "post",
  path: "/api/services/{name}/restart",
  tags: ["services"],
  summary: "Restart the replicas one after another",
  request: { params: ByName },
  responses: { 202: json(z.object({}), "Accepted; the restart goes on in the background"), ...failures },
});

export function serviceRoutes(app: App, context: RouteContext): void {
  const { usecases, log } = context;
  app.openapi(logs, async (c) => {
    const { follow, ...wanted } = c.req.valid("query");
    const request = { service: c.req.valid("param").name, ...wanted };
    if (follow) return streamLogs(c, context, request);
    return c.json({ lines: await usecases.logs(request) }, 200);
  });
  app.openapi(restart, async (c) => {
    const { name } = c.req.valid("param");
    const restarting = usecases.restart(name, actorOf(c));
    restarting.catch((error: unknown) => log.warn({ err: error, service: name }, "restart failed"));
    await Promise.race([restarting, delay(ACCEPTED_AFTER_MS, undefined, { ref: false })]);
    return c.json({}, 202);
  });
}

/** The last lines, then every new one. An unknown service is refused before the stream begins. */
async function streamLogs(c: Context<AppEnv>, { usecases, log, closing }: RouteContext, request: LogRequest) {
  await usecases.logs({ ...request, lines: 0 });
  return streamBacklog(c, {
    backlog: lineBacklog(),
    pauseMs: LINE_PAUSE_MS,
    closing,
    feed: (put, signal, end) => {
      usecases
        .followLogs(request, put, signal)
        .catch((error: unknown) => log.warn({ err: error, service: request.service }, "following the log failed"))
        .finally(end);
    },
  });
}
