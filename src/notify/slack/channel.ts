import { z } from "zod";
import { systemClock } from "../../core/clock.ts";
import type { Channel } from "../channel.ts";
import { SendFailure } from "../failure.ts";
import { jsonOf, postJson } from "../http.ts";
import { pacedAs } from "../routing.ts";
import { blocksOf } from "./blocks.ts";

/** Slack takes about one message a second in a channel. */
const GAP_MS = 1_000;
/** Errors of the API that pass; the others name a mistake in the settings. */
const PASSING = [
  "ratelimited",
  "rate_limited",
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
];
const HEAD_GONE = ["message_not_found", "cant_update_message", "edit_window_closed"];

interface SlackOptions {
  webhook?: string | undefined;
  token?: string | undefined;
  channel?: string | undefined;
  api: string;
}

/** With a bot: one message an incident, edited as it goes on, and what happens in its thread. With an incoming webhook: single messages. */
export function slackChannel({ webhook, token, channel, api }: SlackOptions, gapMs = GAP_MS): Channel {
  const spaced = createSpacing(gapMs);
  const call = async (method: string, payload: object, signal: AbortSignal): Promise<Answer> => {
    await spaced(signal);
    const answer = await postJson({
      ...{ kind: "slack", url: `${api}/${method}`, signal },
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify({ channel, unfurl_links: false, ...payload }),
    });
    return accepted(answer);
  };
  const say = (payload: object, signal: AbortSignal) => call("chat.postMessage", payload, signal);
  return {
    reaches: "people",
    send: async (message, signal, thread) => {
      const content = blocksOf(message);
      if (webhook !== undefined) {
        await spaced(signal);
        await postJson({ kind: "slack", url: webhook, body: JSON.stringify(content), signal });
        return;
      }
      const head = await thread.ref();
      const update = head === undefined ? undefined : call("chat.update", { ts: head, ...content }, signal);
      const edited = await update?.then(() => true, unlessGone);
      // What calls people shows in the channel too.
      const isLoud = QUIET[pacedAs(message)] !== true;
      if (edited) await say({ thread_ts: head, reply_broadcast: isLoud, ...content }, signal);
      else await thread.keep((await say(content, signal)).ts ?? "");
    },
  };
}

const QUIET: Record<string, true> = { update: true, acknowledged: true, recovering: true, resolved: true };

const Answer = z.object({ ok: z.boolean(), error: z.string().optional(), ts: z.string().optional() });
type Answer = z.infer<typeof Answer>;

/** Slack says with status 200 that it refuses. Whatever does not say so either was not Slack, and nobody has the message. */
function accepted(text: string): Answer {
  const { data: answer } = Answer.safeParse(jsonOf(text));
  if (answer?.ok) return answer;
  if (answer) throw new SlackRefusal(answer.error ?? "no reason given");
  const reason = "answered 200, but not as Slack does: something else took the message, and nobody got it";
  throw new SendFailure({ who: "slack", reason, retryable: true, isRefused: true });
}

class SlackRefusal extends SendFailure {
  readonly error: string;
  constructor(error: string) {
    super({ who: "slack", reason: `refused: ${error}`, retryable: PASSING.includes(error), isRefused: true });
    this.error = error;
  }
}

/** Somebody deleted the first message: a new one is posted. */
function unlessGone(error: unknown): false {
  if (error instanceof SlackRefusal && HEAD_GONE.includes(error.error)) return false;
  throw error;
}

/** Resolves for one caller after the other, with a gap between them. */
function createSpacing(gapMs: number): (signal: AbortSignal) => Promise<void> {
  let freeAt = 0;
  let line: Promise<unknown> = Promise.resolve();
  return async (signal) => {
    const turn = line.then(async () => {
      // Who gave up meanwhile takes no turn from those behind.
      signal.throwIfAborted();
      const wait = freeAt - systemClock.monotonic();
      if (wait > 0) await systemClock.sleep(wait, signal);
      freeAt = systemClock.monotonic() + gapMs;
    });
    line = turn.catch(() => {});
    await turn;
  };
}
