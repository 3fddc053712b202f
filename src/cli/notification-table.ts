import type { Notification } from "../contract/notification.ts";
import { ago, localTime, state, table } from "./output.ts";

/** Messages for people, one a line. */
export function notificationTable(notifications: readonly Notification[]): string {
  return table(
    ["incident", "event", "channel", "kind", "severity", "state", "when", "note"],
    notifications.map((item) => [
      item.incident,
      String(item.event),
      item.channel,
      item.kind,
      state(item.severity),
      state(item.state),
      ago(item.deliveredAt ?? item.createdAt),
      noteOf(item),
    ]),
  );
}

/** `08:12:31  page  opened  delivered` for each message of an incident. */
export function toldLines(notifications: readonly Notification[]): string[] {
  return notifications.map((item) => {
    const note = noteOf(item);
    const when = localTime(item.deliveredAt ?? item.createdAt);
    return `${when}  ${item.channel.padEnd(12)} ${item.kind} ${state(item.state)}${note ? `: ${note}` : ""}`;
  });
}

function noteOf({ state: now, nextAt, attempts, error, toldWith }: Notification): string {
  if (toldWith !== null) return "together with another incident";
  if (now === "delivered") return "";
  const again = now === "pending" && nextAt ? `${attempts > 0 ? "again" : "due"} at ${localTime(nextAt)}` : "";
  return [error, again].filter(Boolean).join("; ");
}
