import type { Channel, ChannelContext } from "../channel.ts";
import { postJson } from "../http.ts";
import { messageName } from "../message.ts";
import { SIGNATURE_HEADER, sign } from "./signature.ts";

/** Posts each message as JSON. */
export function webhookChannel(
  { url, secret }: { url: string; secret?: string | undefined },
  { now }: Pick<ChannelContext, "now">,
): Channel {
  return {
    send: async (message, signal) => {
      const body = JSON.stringify(message);
      const headers = {
        "idempotency-key": messageName(message),
        ...(secret ? { [SIGNATURE_HEADER]: sign({ secret, body, now: now() }) } : {}),
      };
      await postJson({ kind: "webhook", url, headers, body, signal });
    },
  };
}
