import { z } from "zod";
import type { Channel } from "../channel.ts";
import { SendFailure } from "../failure.ts";
import { jsonOf, postJson } from "../http.ts";
import type { Message } from "../message.ts";
import { pacedAs } from "../routing.ts";
import { plainText } from "../text.ts";

const LONGEST = 2_000;
/** What Discord reads as formatting or as a call to somebody. */
const MARKS = /[\\*_~`|>#[\]()@<]/g;

/** One message an incident, edited as it goes on; calls are messages of their own, since an edit wakes nobody. */
export function discordChannel({ webhook }: { webhook: string }): Channel {
  const post = (url: string, message: Message, signal: AbortSignal, method?: "PATCH") => {
    const content = plainText(message, LONGEST, (text) => text.replace(MARKS, "\\$&"));
    return postJson({
      ...{ kind: "discord", url, method, signal },
      body: JSON.stringify({ content, allowed_mentions: { parse: [] } }),
    });
  };
  return {
    reaches: "people",
    send: async (message, signal, thread) => {
      const head = await thread.ref();
      const update = head === undefined ? undefined : post(addressOf(webhook, head), message, signal, "PATCH");
      const edited = await update?.then(() => true, unlessGone);
      if (edited && !CALLS_AGAIN.includes(pacedAs(message))) return;
      const id = postedId(await post(addressOf(webhook), message, signal));
      if (!edited && id !== undefined) await thread.keep(id);
    },
  };
}

const CALLS_AGAIN: readonly Message["kind"][] = ["reopened", "severity", "proposal", "escalated", "reminder"];

const Posted = z.object({ id: z.string().optional() });

/** The id of what was posted. An empty answer says that it was, without saying where; whatever else is no message was not Discord's. */
function postedId(answer: string): string | undefined {
  const { data, success } = Posted.safeParse(answer === "" ? {} : jsonOf(answer));
  if (success) return data.id;
  const reason =
    "accepted the message, but not as Discord does: nobody knows whether it was posted, and it is not sent twice";
  throw new SendFailure({ who: "discord", reason, retryable: false });
}

/** Somebody deleted the message: a new one is posted. */
function unlessGone(error: unknown): false {
  if (error instanceof SendFailure && error.status === 404) return false;
  throw error;
}

function addressOf(webhook: string, id?: string): string {
  const url = new URL(webhook);
  if (id !== undefined) url.pathname += `/messages/${encodeURIComponent(id)}`;
  url.searchParams.set("wait", "true");
  return url.href;
}
