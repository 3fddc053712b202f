import { setTimeout as delay } from "node:timers/promises";
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { LogLine as Line } from "../../contract/requests.ts";
import type { UseCases } from "../../daemon/usecases.ts";
import { lineOutbox, overlap } from "../outbox.ts";
import { ByName, failures, json, LogLine, LogQuery } from "../schemas.ts";
import { streamOutbox } from "../sse.ts";
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
    const { name } = c.req.valid("param");
    const { lines, follow } = c.req.valid("query");
    if (follow) return followLogs(c, context, name, lines);
    return c.json({ lines: lines > 0 ? await usecases.logs(name, lines) : [] }, 200);
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
async function followLogs(c: Context<AppEnv>, { usecases, log, closing }: RouteContext, name: string, lines: number) {
  await usecases.logs(name, 1);
  return streamOutbox(c, {
    outbox: lineOutbox(),
    pauseMs: LINE_PAUSE_MS,
    closing,
    feed: (put, signal, end) => {
      followFrom(usecases, { name, lines, put, signal })
        .catch((error: unknown) => log.warn({ err: error, service: name }, "following the log failed"))
        .finally(end);
    },
  });
}

interface Following {
  name: string;
  lines: number;
  put(line: Line): void;
  signal: AbortSignal;
}

/** Follows before it reads the backlog, so that no line falls between the two; what came twice is sent once. */
async function followFrom(usecases: UseCases, { name, lines, put, signal }: Following): Promise<void> {
  const early: Line[] = [];
  let deliver: (line: Line) => void = (line) => void early.push(line);
  const catchUp = async () => {
    const known = lines > 0 ? await usecases.logs(name, lines) : [];
    for (const line of [...known, ...early.slice(overlap(known, early))]) put(line);
    deliver = put;
  };
  await Promise.all([usecases.followLogs(name, (line) => deliver(line), signal), catchUp()]);
}
