import { createRoute, z } from "@hono/zod-openapi";
import { ById, body, failures, json, Silence, SilenceAnswer, SilenceRequest } from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const list = createRoute({
  method: "get",
  path: "/api/silences",
  tags: ["silences"],
  summary: "Silences and maintenance windows that stand, those of the manifest first; then those that are over",
  request: { query: z.object({ state: z.enum(["standing", "all"]).default("standing") }) },
  responses: { 200: json(z.object({ silences: z.array(Silence) }), "The silences"), ...failures },
});

const add = createRoute({
  method: "post",
  path: "/api/silences",
  tags: ["silences"],
  summary: "Let nothing open or page for a time",
  request: { body: body(SilenceRequest) },
  responses: { 200: json(SilenceAnswer, "The silence, and what may be wrong with it"), ...failures },
});

const preview = createRoute({
  method: "post",
  path: "/api/silences/preview",
  tags: ["silences"],
  summary: "What a silence would be about; nothing is silenced",
  request: { body: body(SilenceRequest) },
  responses: { 200: json(SilenceAnswer, "The silence it would be, and what may be wrong with it"), ...failures },
});

const end = createRoute({
  method: "delete",
  path: "/api/silences/{id}",
  tags: ["silences"],
  summary: "End a silence now",
  request: { params: ById },
  responses: { 200: json(Silence, "The silence as it was"), ...failures },
});

export function silenceRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(list, async (c) => {
    const past = c.req.valid("query").state === "all";
    return c.json({ silences: await usecases.silences({ past }) }, 200);
  });
  app.openapi(preview, async (c) => c.json(await usecases.previewSilence(c.req.valid("json")), 200));
  app.openapi(add, async (c) => c.json(await usecases.addSilence(c.req.valid("json"), actorOf(c)), 200));
  app.openapi(end, async (c) => c.json(await usecases.endSilence(c.req.valid("param").id, actorOf(c)), 200));
}
