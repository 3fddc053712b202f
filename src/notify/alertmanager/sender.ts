import { ExternalError, systemCode } from "../../core/errors.ts";
import { decide, nothingTold, type OpenIncident, type SentAlert } from "./decide.ts";

const DEADLINE_MS = 10_000;

/** Keeps one Alertmanager told of what is open. */
export interface AlertSender {
  /** Posts what is new or due; call it every few seconds. Throws ExternalError `SM-ALERTMANAGER`, and is then to be called again. */
  tell(open: readonly OpenIncident[], now: number, signal: AbortSignal): Promise<void>;
}

/** `url` is the address of its web interface; a name and password in it are sent as such. */
export function createAlertSender(url: string): AlertSender {
  let told = nothingTold;
  return {
    tell: async (open, now, signal) => {
      const next = decide(told, open, now);
      if (next.post.length > 0) await post(url, next.post, signal);
      told = next.told;
    },
  };
}

async function post(base: string, alerts: readonly SentAlert[], signal: AbortSignal): Promise<void> {
  const url = URL.parse(base);
  if (!url) throw refused("alertmanager.send", "the address is not valid");
  const { username, password } = url;
  url.username = "";
  url.password = "";
  url.pathname = `${url.pathname.replace(/\/$/, "")}/api/v2/alerts`;
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization: Record<string, string> = username
    ? { authorization: `Basic ${Buffer.from(login).toString("base64")}` }
    : {};
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "stationmaster", ...authorization },
    body: JSON.stringify(alerts),
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause ? error.cause : error;
    throw refused(url.host, systemCode(cause) ?? (cause instanceof Error ? cause.message : String(cause)));
  });
  await response.body?.cancel().catch(() => {});
  if (!response.ok) throw refused(url.host, `answered ${response.status}`);
}

function refused(host: string, why: string): ExternalError {
  return new ExternalError({
    code: "SM-ALERTMANAGER",
    message: `Alertmanager ${host}: ${why}`,
    next: "it is tried again; check the addresses under alertmanager.send",
    retryable: true,
  });
}
