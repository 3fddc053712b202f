import { createHash } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import { Beat } from "../../contract/heartbeat.ts";
import { UserError } from "../../core/errors.ts";
import { createRate } from "../../core/rate.ts";
import { smallBody } from "../protect.ts";
import { ById, failures, Heartbeat, json } from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

/** Of one job. */
const JOB_RATE = { burst: 20, everyMs: 1_000 };
/** Of all whose token is not known yet: they cost a search in the database. */
const STRANGER_RATE = { burst: 60, everyMs: 100 };

const Called = z.object({ ok: z.literal(true) });
const Token = z.string().regex(/^[\w-]{1,64}$/);
const called = {
  tags: ["checks"],
  security: [],
  responses: {
    200: json(Called, "Heard"),
    ...failures,
    429: { ...failures[400], description: "Too many calls at once" },
  },
};
const plain = (method: "get" | "post") =>
  createRoute({
    ...called,
    method,
    path: "/hb/{token}",
    summary: "A job has ended well; the token is the secret",
    request: { params: z.object({ token: Token }) },
  });
const said = (method: "get" | "post") =>
  createRoute({
    ...called,
    method,
    path: "/hb/{token}/{what}",
    summary: "A job begins, has ended well, or has failed",
    request: { params: z.object({ token: Token, what: Beat }) },
  });

const shown = createRoute({
  method: "get",
  path: "/api/checks/{id}/heartbeat",
  tags: ["checks"],
  summary: "Where the job of a heartbeat check has to call, and when it did",
  request: { params: ById },
  responses: { 200: json(Heartbeat, "Its address is a secret"), ...failures },
});

const renewed = createRoute({
  method: "post",
  path: "/api/checks/{id}/heartbeat/token",
  tags: ["checks"],
  summary: "Give the job a new address; calls to the one before are refused",
  request: { params: ById },
  responses: { 200: json(Heartbeat, "Its new address is a secret"), ...failures },
});

export function heartbeatRoutes(app: App, { usecases }: RouteContext): void {
  const strangers = createRate(STRANGER_RATE);
  const jobs = new Map<string, () => boolean>();

  /** Who guesses must not use up what a job has, not even before its first call. */
  function rateOf(token: string): () => boolean {
    const key = createHash("sha256").update(token).digest("hex");
    if (!jobs.has(key) && usecases.knowsJob?.(token)) jobs.set(key, createRate(JOB_RATE));
    return jobs.get(key) ?? strangers;
  }

  async function take(token: string, what: Beat) {
    const passes = rateOf(token);
    if (!passes())
      throw new UserError({
        code: "SM-HEARTBEAT-RATE",
        message: "too many calls at once",
        next: "call again in a second",
      });
    if (!usecases.beat)
      throw new UserError({
        code: "SM-HEARTBEAT-UNKNOWN",
        message: "no job is expected to call here",
        next: "add a check with `heartbeat`",
      });
    await usecases.beat(token, what);
    return { ok: true } as const;
  }

  app.use("/hb/*", smallBody());
  // By GET too, so that `curl ADDRESS` in a crontab is enough.
  for (const method of ["get", "post"] as const) {
    app.openapi(plain(method), async (c) => c.json(await take(c.req.valid("param").token, "ok"), 200));
    app.openapi(said(method), async (c) => {
      const { token, what } = c.req.valid("param");
      return c.json(await take(token, what), 200);
    });
  }
  app.openapi(renewed, async (c) => c.json(await usecases.renewHeartbeat(c.req.valid("param").id, actorOf(c)), 200));
  app.openapi(shown, async (c) => c.json(await usecases.heartbeat(c.req.valid("param").id), 200));
}
