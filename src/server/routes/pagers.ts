import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { UserError } from "../../core/errors.ts";
import type { PagerHook, UseCases } from "../../daemon/usecases.ts";
import { invalidRequest } from "../errors.ts";
import { pagerSignatureMatches, tokenMatches } from "../guards.ts";
import { acknowledgementIn } from "../pager-events.ts";
import { failures, json } from "../schemas.ts";
import type { App, RouteContext } from "./route.ts";

const pager = createRoute({
  method: "post",
  path: "/hooks/pager/{channel}",
  tags: ["hooks"],
  summary: "Events of PagerDuty (signed, webhooks v3) or Opsgenie (bearer token): an acknowledgement there counts here",
  security: [],
  request: { params: z.object({ channel: z.string() }) },
  responses: {
    202: json(z.object({ acknowledges: z.boolean() }), "Accepted; says whether it acknowledged an incident"),
    ...failures,
    429: { ...failures[400], description: "Too many at once" },
  },
});

export function pagerRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(pager, async (c) => {
    const { hook, body } = await proven(c, usecases, c.req.valid("param").channel);
    const heard = read(hook.kind, body);
    const acknowledges = heard !== undefined && (await hook.acknowledge(heard.key, heard.person));
    return c.json({ acknowledges }, 202);
  });
}

/** What was sent, if whoever sent it knows the secret. */
async function proven(
  c: Context,
  { pagerHook }: UseCases,
  channel: string,
): Promise<{ hook: PagerHook; body: Uint8Array }> {
  const hook = await pagerHook?.(channel);
  if (!hook)
    throw new UserError({
      code: "SM-HOOK-UNKNOWN",
      message: "no hook is expected here",
      next: "set webhook_secret of the channel under notify",
    });
  const body = new Uint8Array(await c.req.arrayBuffer());
  const secret = hook.secret.unwrap();
  const isRight =
    hook.kind === "pagerduty"
      ? pagerSignatureMatches(c.req.header("x-pagerduty-signature"), body, secret)
      : tokenMatches(c.req.header("authorization"), secret);
  if (isRight) return { hook, body };
  throw new UserError({
    code: "SM-HOOK-SIGNATURE",
    message: "the signature is missing or wrong",
    next: "give the pager's webhook the secret that webhook_secret names",
  });
}

function read(kind: PagerHook["kind"], body: Uint8Array) {
  try {
    return acknowledgementIn(kind, JSON.parse(new TextDecoder().decode(body)));
  } catch (error) {
    if (error instanceof z.ZodError) throw invalidRequest(error, "json");
    throw new UserError({
      code: "SM-REQUEST-INVALID",
      message: "the body is not valid JSON",
      next: "send a JSON object",
    });
  }
}
