import { clip } from "../core/text.ts";
import { utcSecond } from "../core/when.ts";
import { isFailing, type Message } from "./message.ts";

/** `SEV1 staging/api: process gone`; `[test]` and `resolved` are said first. */
export function titleOf(message: Message): string {
  const { service, symptom } = message.incident;
  const what = isNews(message) ? message.text : symptom;
  const tag = message.kind === "test" ? "[test] " : "";
  return oneLine(`${tag}${rankOf(message)}${message.environment}/${service}: ${what}`);
}

/** `SEV1 `; a report has none. */
function rankOf({ kind, incident }: Message): string {
  return kind === "report" ? "" : `${incident.severity} `;
}

/** What no incident is behind. */
function isNews({ kind }: Pick<Message, "kind">): boolean {
  return kind === "notice" || kind === "report" || kind === "test";
}

/** How it stands in one word. */
export function stateOf({ incident, kind }: Message): string {
  if (isNews({ kind })) return kind;
  return incident.acknowledged && incident.state !== "resolved" ? `${incident.state}, acknowledged` : incident.state;
}

/** Of those told of together; what does not fit into a message is named by nobody. */
const MOST_NAMED = 10;

/** What a reader needs, as label and text, most important first; each text is one line. */
export function linesOf(message: Message): [label: string, text: string][] {
  const { incident, detail, cause, evidence = [], also = [], links } = message;
  const lines: [string, string | undefined][] = [
    ["What", message.text],
    ["Since", isFailing(message) && message.kind !== "test" ? utcSecond(incident.since) : undefined],
    ["Checks", incident.failedChecks.join(", ")],
    ["Detail", detail],
    ["Last change before", cause],
    ["Evidence", evidence.join(", ")],
    ["Doing", message.doing],
    ["To do", message.todo],
    ...also
      .slice(0, MOST_NAMED)
      .map((other): [string, string] => ["Also", `${other.severity} ${other.service}: ${other.text} (${other.id})`]),
    ["Also", also.length > MOST_NAMED ? `and ${also.length - MOST_NAMED} more: stationmaster incidents` : undefined],
    ...links.map(({ title, url }): [string, string] => [title, url]),
    ["Incident", incident.id],
  ];
  return lines.flatMap(([label, text]): [string, string][] => (text ? [[label, oneLine(text)]] : []));
}

/** The message in one line of text: severity and place, what, since when, what is done, what to do, where to look. */
export function messageLine(message: Message): string {
  const { service, symptom, id, since } = message.incident;
  if (message.kind === "test") return `${titleOf(message)} (${id})`;
  const parts = [message.text];
  const failing = isFailing(message);
  if (!message.text.includes(symptom)) parts.push(failing ? symptom : `it was: ${symptom}`);
  if (failing) parts.push(`since ${utcSecond(since)}`);
  if (message.detail) parts.push(message.detail);
  if (message.cause) parts.push(`last change before: ${message.cause}`);
  parts.push(message.doing, message.todo);
  for (const other of message.also ?? []) parts.push(`also ${other.severity} ${other.service}: ${other.text}`);
  parts.push(...message.links.map((link) => link.url));
  return oneLine(`${rankOf(message)}${message.environment}/${service}: ${parts.join("; ")} (${id})`);
}

/** The title and all lines as plain text of at most `length` characters; `quote` treats what others wrote. */
export function plainText(message: Message, length: number, quote = (text: string) => text): string {
  const head = `${quote(titleOf(message))} (${stateOf(message)})`;
  const links = new Set(message.links.map(({ url }) => url));
  const lines = linesOf(message).map(([label, text]) => `${label}: ${links.has(text) ? text : quote(text)}`);
  const body = message.body === undefined ? [] : ["", quote(message.body)];
  return clip([head, ...lines, ...body].join("\n"), length);
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
