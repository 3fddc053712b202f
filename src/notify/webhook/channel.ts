import { ExternalError, systemCode } from "../../core/errors.ts";
import type { Channel, ChannelContext } from "../channel.ts";
import type { Message } from "../message.ts";
import { SIGNATURE_HEADER, sign } from "./signature.ts";

const DEADLINE_MS = 10_000;

/** Posts each message as JSON. Only a 2xx answer within 10 s counts; redirects are refused, since they could carry the message elsewhere. */
export function webhookChannel(
  { url, secret }: { url: string; secret?: string | undefined },
  { now }: Pick<ChannelContext, "now">,
): Channel {
  return {
    send: async (message, signal) => {
      const body = JSON.stringify(message);
      const response = await post(url, headersOf(message, body, secret, now()), body, signal);
      await response.body?.cancel().catch(() => {});
      if (!response.ok) throw refused(url, response.status);
    },
  };
}

function headersOf(message: Message, body: string, secret: string | undefined, now: number): Record<string, string> {
  return {
    "content-type": "application/json",
    "user-agent": "stationmaster",
    "idempotency-key": `${message.incident.id}:${message.event}`,
    ...(secret ? { [SIGNATURE_HEADER]: sign({ secret, body, now }) } : {}),
  };
}

async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Response> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  try {
    return await fetch(url, { method: "POST", headers, body, redirect: "manual", signal: deadline });
  } catch (cause) {
    const reason = deadline.aborted && !signal.aborted ? `no answer within ${DEADLINE_MS / 1_000} s` : reasonOf(cause);
    throw new ExternalError({
      code: "SM-NOTIFY-WEBHOOK",
      message: `webhook ${hostOf(url)}: ${reason}`,
      next: "it is tried again",
      retryable: true,
      cause,
    });
  }
}

function refused(url: string, status: number): ExternalError {
  const redirect = status >= 300 && status < 400;
  return new ExternalError({
    code: "SM-NOTIFY-WEBHOOK",
    message: `webhook ${hostOf(url)}: answered ${status}${redirect ? ", and redirects are not followed" : ""}`,
    next: "it is tried again; check the channel's url under notify",
    retryable: true,
    status,
  });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  return systemCode(cause) ?? (cause instanceof Error ? cause.message : String(cause));
}

/** The path of a webhook is often its password, so only the host is named. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? "with an invalid url";
}
