import type { Channel } from "../channel.ts";
import { SendFailure } from "../failure.ts";
import { postJson } from "../http.ts";
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
      const { id } = JSON.parse(await post(addressOf(webhook), message, signal)) as { id?: string };
      if (!edited && id !== undefined) await thread.keep(id);
    },
  };
}

const CALLS_AGAIN: readonly Message["kind"][] = ["reopened", "severity", "proposal", "escalated", "reminder"];

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
