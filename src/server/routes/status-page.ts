import { createRoute, z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { renderAtom } from "../../daemon/status-page/atom.ts";
import { PAGE_POLICY, renderHtml } from "../../daemon/status-page/html.ts";
import { ById, body, failures, json, PublicNote, PublishRequest, StatusPage } from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

/** What everybody may see. */
export const PUBLIC_PATHS = ["/status", "/status.json", "/status.atom"];
/** As long as the daemon itself keeps it. */
const CACHED = { "cache-control": "public, max-age=5" };

function publicRoute<P extends string, T extends string>(path: P, type: T, schema: z.ZodType, summary: string) {
  return createRoute({
    method: "get",
    path,
    tags: ["public"],
    summary: `${summary}; needs no token, only with status_page in the manifest`,
    security: [],
    responses: { 200: { description: "The page of this moment", content: { [type]: { schema } } }, ...failures },
  });
}

const html = publicRoute("/status", "text/html", z.string(), "The status page");
const data = publicRoute("/status.json", "application/json", StatusPage, "What the status page says");
const atom = publicRoute("/status.atom", "application/atom+xml", z.string(), "Its incidents as an Atom feed");

const publish = createRoute({
  method: "post",
  path: "/api/incidents/{id}/publish",
  tags: ["incidents"],
  summary: "Add a text for the public to the status page",
  request: { params: ById, body: body(PublishRequest) },
  responses: { 200: json(PublicNote, "What the page says from now on"), ...failures },
});

/** Whether a request asks for what everybody may see, whatever host name it was sent to. */
export function isPublic(c: Context): boolean {
  return ["GET", "HEAD"].includes(c.req.method) && PUBLIC_PATHS.includes(c.req.path);
}

/** The page runs nothing and loads nothing but its own style. */
export function publicHeaders(): MiddlewareHandler {
  const headers = secureHeaders({ xFrameOptions: "DENY", strictTransportSecurity: false });
  return async (c, next) => {
    await headers(c, next);
    c.res.headers.set("content-security-policy", `${PAGE_POLICY}; frame-ancestors 'none'`);
  };
}

export function statusPageRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(html, async (c) => {
    const page = renderHtml(await usecases.statusPage(), { json: "status.json", atom: "status.atom" });
    return c.html(page, 200, CACHED);
  });
  app.openapi(data, async (c) => c.json(await usecases.statusPage(), 200, CACHED));
  app.openapi(atom, async (c) => {
    const feed = renderAtom(await usecases.statusPage(), "status.atom");
    return c.body(feed, 200, { ...CACHED, "content-type": "application/atom+xml; charset=utf-8" });
  });
  app.openapi(publish, async (c) =>
    c.json(await usecases.publishIncident(c.req.valid("param").id, c.req.valid("json").text, actorOf(c)), 200),
  );
}
