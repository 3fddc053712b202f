import { createHash } from "node:crypto";
import { clip } from "../../core/text.ts";
import type { Channel, Thread } from "../channel.ts";
import { postJson } from "../http.ts";
import type { Message, MessageKind } from "../message.ts";
import { pacedAs } from "../routing.ts";
import { linesOf, titleOf } from "../text.ts";

const LONGEST_SUMMARY = 1_024;
const LONGEST_KEY = 255;
const SEVERITY = { SEV1: "critical", SEV2: "error", SEV3: "warning" } as const;

type PagerAction = "trigger" | "acknowledge" | "resolve";

interface PagerDutyOptions {
  key: string;
  url: string;
}

/** Events API v2: one alert for each incident key. A trigger that is repeated changes nothing, so calls again do not multiply. */
export function pagerdutyChannel({ key, url }: PagerDutyOptions): Channel {
  return {
    reaches: "people",
    apart: true,
    send: async (message, signal, thread) => {
      for (const action of await actionsIn(thread, message)) {
        const event = { routing_key: key, event_action: action, dedup_key: pagerKey(message, LONGEST_KEY) };
        const body = JSON.stringify(action === "trigger" ? { ...event, ...detailsOf(message) } : event);
        await postJson({ kind: "pagerduty", url, body, signal });
        await thread.keep(action);
      }
    },
  };
}

/** Calls that are due although somebody has acknowledged before. */
const AFTER_ALL: readonly MessageKind[] = ["severity", "escalated", "reminder"];

/**
 * What a pager is told that remembers in `thread` what it was told last. An alert that was acknowledged there calls nobody however often it
 * is triggered: it has to end before it can.
 */
export async function actionsIn(thread: Thread, message: Message): Promise<readonly PagerAction[]> {
  const isAcknowledged = AFTER_ALL.includes(pacedAs(message)) && (await thread.ref()) === "acknowledge";
  return isAcknowledged ? ["resolve", ...actionsOf(message)] : actionsOf(message);
}

/** What a pager is told: nothing where people have been called already and nothing ended, and for reports; a test ends at once. */
export function actionsOf(message: Pick<Message, "kind" | "quiet">): readonly PagerAction[] {
  const kind = pacedAs(message);
  if (kind === "test") return ["trigger", "resolve"];
  if (kind === "acknowledged") return ["acknowledge"];
  if (kind === "resolved") return ["resolve"];
  return kind === "recovering" || kind === "update" || kind === "report" ? [] : ["trigger"];
}

/** The incident's key, by which a pager knows it again; a notice is known by its id. */
export function pagerKey({ kind, incident: { id, key } }: Message, longest: number): string {
  const name = kind === "notice" || kind === "test" ? id : key;
  return name.length <= longest ? name : createHash("sha256").update(name).digest("hex");
}

function detailsOf(message: Message) {
  const { incident, links, environment, project, at } = message;
  return {
    payload: {
      summary: clip(titleOf(message), LONGEST_SUMMARY),
      source: `${project}/${environment}/${incident.service}`,
      severity: message.kind === "test" ? "info" : SEVERITY[incident.severity],
      timestamp: at,
      component: incident.service,
      custom_details: Object.fromEntries(linesOf(message)),
    },
    client: "Stationmaster",
    links: links.map(({ title, url }) => ({ href: url, text: title })),
  };
}
