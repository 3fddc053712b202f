import { createRoute, z } from "@hono/zod-openapi";
import { UserError } from "../../core/errors.ts";
import { tokenMatches } from "../guards.ts";
import { jsonBody, smallBody } from "../protect.ts";
import { AlertNotification, body, failures, json } from "../schemas.ts";
import type { App, RouteContext } from "./route.ts";

const PATH = "/hooks/alertmanager";
const LARGEST_BODY = 1024 * 1024;

const receive = createRoute({
  method: "post",
  path: PATH,
  tags: ["hooks"],
  summary: "Alerts of Alertmanager's webhook receiver, with the secret of `alertmanager.receive` as bearer token",
  security: [],
  request: { body: body(AlertNotification) },
  responses: {
    200: json(z.object({ taken: z.number().int() }), "How many alerts were taken; those of our own rules are not"),
    ...failures,
    413: { ...failures[413], description: "The body is larger than 1 MiB" },
  },
});

/** Registered before the other hooks, whose limit of calls anybody can use up. */
export function alertRoutes(app: App, { usecases }: RouteContext): void {
  app.post(PATH, async (c, next) => {
    const hook = await usecases.alertHook?.();
    if (!hook)
      throw new UserError({
        code: "SM-HOOK-UNKNOWN",
        message: "no alerts are expected here",
        next: "set alertmanager.receive in the manifest",
      });
    if (tokenMatches(c.req.header("authorization"), hook.secret.unwrap())) return next();
    c.header("www-authenticate", "Bearer");
    throw new UserError({
      code: "SM-HOOK-SIGNATURE",
      message: "the bearer token is missing or wrong",
      next: "give the webhook receiver the secret that alertmanager.receive names",
    });
  });
  app.post(PATH, smallBody(LARGEST_BODY), jsonBody());
  app.openapi(receive, async (c) => {
    const hook = await usecases.alertHook?.();
    return c.json({ taken: (await hook?.take(c.req.valid("json"))) ?? 0 }, 200);
  });
}
