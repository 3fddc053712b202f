import { createRoute } from "@hono/zod-openapi";
import { eventBacklog } from "../backlog.ts";
import { failures, LiveEvent } from "../schemas.ts";
import { streamBacklog } from "../sse.ts";
import type { App, RouteContext } from "./route.ts";

/** One client hears of the same thing at most five times a second. */
const PAUSE_MS = 200;

const events = createRoute({
  method: "get",
  path: "/api/events",
  tags: ["status"],
  summary: "Server-sent events: which part changed, to ask for it again",
  responses: {
    200: { description: "One LiveEvent per message", content: { "text/event-stream": { schema: LiveEvent } } },
    ...failures,
  },
});

export function eventRoutes(app: App, { usecases, closing }: RouteContext): void {
  app.openapi(events, (c) =>
    streamBacklog(c, {
      backlog: eventBacklog(),
      pauseMs: PAUSE_MS,
      closing,
      feed: (put, signal) => {
        const unsubscribe = usecases.subscribe(put);
        signal.addEventListener("abort", unsubscribe, { once: true });
      },
    }),
  );
}
