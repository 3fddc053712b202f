import { createRoute, z } from "@hono/zod-openapi";
import {
  body,
  Calling,
  ChannelTest,
  failures,
  json,
  Limit,
  Notification,
  NotificationState,
  NotifyTestRequest,
} from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const list = createRoute({
  method: "get",
  path: "/api/notifications",
  tags: ["notifications"],
  summary: "Who was told what, when, and whether it got there; newest first",
  request: { query: z.object({ incident: z.string().optional(), state: NotificationState.optional(), limit: Limit }) },
  responses: { 200: json(z.object({ notifications: z.array(Notification) }), "The messages"), ...failures },
});

const calling = createRoute({
  method: "get",
  path: "/api/notifications/channels",
  tags: ["notifications"],
  summary: "How each channel does, and who is called when",
  responses: { 200: json(Calling, "Channels and levels"), ...failures },
});

const test = createRoute({
  method: "post",
  path: "/api/notifications/test",
  tags: ["notifications"],
  summary: "Send a marked test message to each channel, or to one",
  request: { body: body(NotifyTestRequest) },
  responses: { 200: json(z.object({ channels: z.array(ChannelTest) }), "Which of them took it"), ...failures },
});

export function notificationRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(list, async (c) => c.json({ notifications: await usecases.notifications(c.req.valid("query")) }, 200));
  app.openapi(calling, async (c) => c.json(await usecases.calling(), 200));
  app.openapi(test, async (c) =>
    c.json({ channels: await usecases.testNotifications(c.req.valid("json"), actorOf(c)) }, 200),
  );
}
