import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { UserError } from "../../core/errors.ts";
import { createRate } from "../../core/rate.ts";
import type { PreviewHook, UseCases } from "../../daemon/usecases.ts";
import { invalidRequest } from "../errors.ts";
import { concernsPreviews } from "../github-events.ts";
import { isSame, signatureMatches } from "../guards.ts";
import { jsonBody, smallBody } from "../protect.ts";
import { failures, json } from "../schemas.ts";
import type { App, RouteContext } from "./route.ts";

const LARGEST_BODY = 1024 * 1024;
/** Of those who prove nothing. Who knows the secret is heard however many do not: an acknowledgement must not wait for them. */
const STRANGER_RATE = { burst: 60, everyMs: 1_000 };

const STRANGE = ["SM-HOOK-SIGNATURE", "SM-HOOK-UNKNOWN"];

const Heard = z.object({ looks: z.boolean() });
const { 413: _small, ...errors } = failures;
const responses = {
  202: json(Heard, "Accepted; `looks` says whether it makes the daemon look at the repository"),
  ...errors,
  413: { ...failures[413], description: "The body is larger than 1 MiB" },
  429: { ...failures[400], description: "Too many at once" },
};

const github = createRoute({
  method: "post",
  path: "/hooks/github",
  tags: ["hooks"],
  summary: "Events of GitHub, signed with the secret of the previews; needs no token",
  security: [],
  responses,
});

const git = createRoute({
  method: "post",
  path: "/hooks/git/{environment}",
  tags: ["hooks"],
  summary: "Any event of a repository, signed as GitHub does or with `X-Gitlab-Token`; needs no token",
  security: [],
  request: { params: z.object({ environment: z.string() }) },
  responses,
});

/** Whether a request proves by itself that it may come, whatever host name it was sent to. */
export function isHook(c: Context): boolean {
  return c.req.path.startsWith("/hb/") || (c.req.method === "POST" && c.req.path.startsWith("/hooks/"));
}

export function hookRoutes(app: App, { usecases }: RouteContext): void {
  const strangers = createRate(STRANGER_RATE);
  app.use("/hooks/*", async (c, next) => {
    await next();
    const isStranger = c.error instanceof UserError && STRANGE.includes(c.error.code);
    if (!isStranger || strangers()) return;
    c.header("retry-after", "60");
    throw new UserError({ code: "SM-HOOK-RATE", message: "too many hooks at once", next: "send it again in a minute" });
  });
  app.use("/hooks/*", smallBody(LARGEST_BODY), jsonBody());

  app.openapi(github, async (c) => {
    const { hook, body } = await proven(c, usecases);
    const looks = isConcerned(c.req.header("x-github-event"), body);
    if (looks) hook.look();
    return c.json({ looks }, 202);
  });
  app.openapi(git, async (c) => {
    const { hook } = await proven(c, usecases, c.req.valid("param").environment);
    hook.look();
    return c.json({ looks: true }, 202);
  });
}

/** What was sent, if whoever sent it knows the secret. */
async function proven(
  c: Context,
  { previewHook }: UseCases,
  environment?: string,
): Promise<{ hook: PreviewHook; body: Uint8Array }> {
  const hook = await previewHook?.(environment);
  if (!hook)
    throw new UserError({
      code: "SM-HOOK-UNKNOWN",
      message: "no hook is expected here",
      next: "set webhook_secret of the environment that has `per`",
    });
  const body = new Uint8Array(await c.req.arrayBuffer());
  const secret = hook.secret.unwrap();
  const token = c.req.header("x-gitlab-token");
  const isRight =
    environment !== undefined && token !== undefined
      ? isSame(token, secret)
      : signatureMatches(c.req.header("x-hub-signature-256"), body, secret);
  if (isRight) return { hook, body };
  throw new UserError({
    code: "SM-HOOK-SIGNATURE",
    message: "the signature is missing or wrong",
    next: "give the repository's webhook the secret that webhook_secret names",
  });
}

function isConcerned(event: string | undefined, body: Uint8Array): boolean {
  const payload = readJson(body);
  try {
    return concernsPreviews(event, payload);
  } catch (error) {
    throw error instanceof z.ZodError ? invalidRequest(error, "json") : error;
  }
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new UserError({
      code: "SM-REQUEST-INVALID",
      message: "the body is not valid JSON",
      next: "send a JSON object",
    });
  }
}
