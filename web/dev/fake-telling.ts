import type { Hono } from "hono";
import { Calling, ChannelTest, Notification, NotifyTestRequest } from "../../src/contract/notification.ts";
import { Silence, SilenceAnswer, SilenceRequest } from "../../src/contract/silence.ts";
import { checks } from "./check-stories.ts";
import { told } from "./incident-stories.ts";
import { calling, silences } from "./telling-stories.ts";

/** The routes of silences, channels and messages. */
export function addTelling(app: Hono, { empty }: { empty: boolean }): void {
  const standing = empty ? [] : silences();
  const messages = empty ? [] : told("inc-7");
  const refused = (code: string, message: string) => ({
    error: { code, message, next: "for example 0 2 * * 0", exitCode: 2 },
  });

  /** The silence that a request describes; undefined where its cron line is none. */
  function drawn(body: unknown): SilenceAnswer | undefined {
    const { kind, matcher, reason, from, until, recurrence = null } = SilenceRequest.parse(body);
    if (recurrence && recurrence.cron.split(" ").length !== 5) return undefined;
    const about = checks()
      .filter(
        ({ id, service }) =>
          (!matcher.service || service === matcher.service) && (!matcher.check || id === matcher.check),
      )
      .map(({ id }) => id);
    const silence = Silence.parse({
      ...{ id: `sil-${standing.length + 5}`, kind, environment: "local", matcher, author: "dashboard", reason },
      ...{ from: from ?? new Date().toISOString(), until, recurrence, active: from === undefined && !recurrence },
      ...{ checks: about, ...(recurrence && { nextAt: until }) },
    });
    return SilenceAnswer.parse({
      silence,
      warnings: about.length === 0 ? ["it is about no check that there is now"] : [],
    });
  }

  app.get("/api/silences", (c) => {
    const all = c.req.query("state") === "all";
    return c.json({ silences: Silence.array().parse(standing.filter(({ endedAt }) => all || endedAt === undefined)) });
  });
  app.post("/api/silences/preview", async (c) => {
    const answer = drawn(await c.req.json());
    return answer ? c.json(answer) : c.json(refused("SM-SILENCE-CRON", "the cron line cannot be used"), 400);
  });
  app.post("/api/silences", async (c) => {
    const answer = drawn(await c.req.json());
    if (!answer) return c.json(refused("SM-SILENCE-CRON", "the cron line cannot be used"), 400);
    standing.push(answer.silence);
    return c.json(answer);
  });
  app.delete("/api/silences/:id", (c) => {
    const found = standing.find(({ id }) => id === c.req.param("id"));
    if (!found) return c.json(refused("SM-SILENCE-UNKNOWN", "there is no such silence"), 404);
    Object.assign(found, { active: false, endedAt: new Date().toISOString() });
    return c.json(Silence.parse(found));
  });
  app.get("/api/notifications/channels", (c) => c.json(Calling.parse(calling())));
  app.get("/api/notifications", (c) => {
    const wanted = c.req.query("state");
    const shown = messages.filter(({ state }) => wanted === undefined || state === wanted);
    return c.json({ notifications: Notification.array().parse(shown) });
  });
  app.post("/api/notifications/test", async (c) => {
    const { channel = "page" } = NotifyTestRequest.parse(await c.req.json());
    const accepted = channel !== "phone";
    const test = { channel, accepted, ms: 120, error: accepted ? null : "the key was refused (403)" };
    return c.json({ channels: ChannelTest.array().parse([test]) });
  });
}
