import type { Severity } from "../contract/incident.ts";
import type { MessageKind } from "./message.ts";
import { isCall, isUrgent } from "./routing.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PAGES_AN_HOUR = 15;
const UPDATE_MS = 5 * MINUTE_MS;

interface Waiting {
  id: number;
  incidentId: string;
  kind: MessageKind;
  severity: Severity;
}

/** What a channel took within the last hour; `at` in epoch ms. */
export interface Sent {
  incidentId: string;
  kind: MessageKind;
  severity: Severity;
  at: number;
}

export interface Paced<W> {
  /** Messages to send now; the first of each tells of the others. */
  bundles: W[][];
  /** When the others are looked at again, epoch ms. */
  later: { item: W; until: number }[];
}

/**
 * What people get now of what is due for their channel, in its order: one page a minute and 15 an hour with everything due in it,
 * small matters as a digest every 5 minutes, the same kind of news of an incident every 5 minutes. What tells that it got worse goes at once.
 */
export function pace<W extends Waiting>(due: readonly W[], sent: readonly Sent[], now: number): Paced<W> {
  const paced: Paced<W> = { bundles: [], later: [] };
  const pages: W[] = [];
  const digest: W[] = [];
  for (const item of due) {
    const until = isUrgent(item.kind) ? now : freeAt(item, sent);
    if (until > now) paced.later.push({ item, until });
    else if (isUrgent(item.kind) || !isCall(item.kind)) paced.bundles.push([item]);
    else (item.severity === "SEV3" ? digest : pages).push(item);
  }
  bundle(paced, pages, nextPage(sent), now);
  bundle(paced, digest, nextDigest(sent), now);
  return paced;
}

function bundle<W extends Waiting>(paced: Paced<W>, items: W[], until: number, now: number): void {
  if (items.length === 0) return;
  if (until > now) paced.later.push(...items.map((item) => ({ item, until })));
  else paced.bundles.push([...items].sort((a, b) => a.severity.localeCompare(b.severity) || a.id - b.id));
}

/** What neither begins nor ends an incident comes at intervals. */
function freeAt({ incidentId, kind }: Waiting, sent: readonly Sent[]): number {
  if (kind === "opened" || kind === "resolved" || kind === "acknowledged" || kind === "notice") return 0;
  const same = sent.filter((item) => item.incidentId === incidentId && item.kind === kind);
  return same.length === 0 ? 0 : Math.max(...same.map(({ at }) => at)) + UPDATE_MS;
}

function nextPage(sent: readonly Sent[]): number {
  const times = timesOf(sent, (item) => item.severity !== "SEV3");
  const last = times.at(-1);
  const fifteenth = times.at(-PAGES_AN_HOUR);
  return Math.max(last === undefined ? 0 : last + MINUTE_MS, fifteenth === undefined ? 0 : fifteenth + HOUR_MS);
}

function nextDigest(sent: readonly Sent[]): number {
  const last = timesOf(sent, (item) => item.severity === "SEV3").at(-1);
  return last === undefined ? 0 : last + UPDATE_MS;
}

function timesOf(sent: readonly Sent[], wanted: (item: Sent) => boolean): number[] {
  return sent
    .filter((item) => isCall(item.kind) && wanted(item))
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}
