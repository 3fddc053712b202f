import { createRoute, z } from "@hono/zod-openapi";
import { ByName, body, failures, json, Preview, PreviewRequest } from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const list = createRoute({
  method: "get",
  path: "/api/previews",
  tags: ["previews"],
  summary: "Copies of an environment for pull requests and branches",
  responses: { 200: json(z.object({ previews: z.array(Preview) }), "The previews"), ...failures },
});

const open = createRoute({
  method: "post",
  path: "/api/previews",
  tags: ["previews"],
  summary: "Make or renew the preview of a ref",
  request: { body: body(PreviewRequest) },
  responses: { 202: json(Preview, "Accepted; it goes on in the background"), ...failures },
});

function order(verb: string, summary: string) {
  return createRoute({
    method: "post",
    path: `/api/previews/{name}/${verb}`,
    tags: ["previews"],
    summary,
    request: { params: ByName },
    responses: { 202: json(Preview, "Accepted; it goes on in the background"), ...failures },
  });
}

const close = order("close", "Let a preview expire, whatever polling sees");
const wake = order("wake", "Start a preview that sleeps, or try one that failed again");
const remove = order("remove", "Remove a preview with its data now");

export function previewRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(list, async (c) => c.json({ previews: await usecases.previews() }, 200));
  app.openapi(open, async (c) => c.json(await usecases.openPreview(c.req.valid("json"), actorOf(c)), 202));
  app.openapi(close, async (c) => c.json(await usecases.closePreview(c.req.valid("param").name, actorOf(c)), 202));
  app.openapi(wake, async (c) => c.json(await usecases.wakePreview(c.req.valid("param").name, actorOf(c)), 202));
  app.openapi(remove, async (c) => c.json(await usecases.removePreview(c.req.valid("param").name, actorOf(c)), 202));
}
