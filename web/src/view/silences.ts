import type { Silence, SilenceMatcher, SilenceRequest } from "../../../src/contract/silence.ts";
import { duration, moment } from "./format.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Lengths to choose from, ms; 30 days are the limit, by the clock of the daemon. */
export const LENGTHS = [
  ...[30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS, 8 * HOUR_MS],
  ...[DAY_MS, 3 * DAY_MS, 7 * DAY_MS, 14 * DAY_MS, 28 * DAY_MS],
];
/** Lengths of a span that returns, ms. */
export const SPANS = LENGTHS.filter((ms) => ms <= DAY_MS);

/** `now` while it holds or is between two of its spans. */
export type SilenceTime = "now" | "coming" | "over";

/** `now` in epoch ms. */
export function timeOf({ active, from, until, endedAt }: Silence, now: number): SilenceTime {
  if (endedAt !== undefined || (until !== null && Date.parse(until) <= now)) return "over";
  return !active && from !== null && Date.parse(from) > now ? "coming" : "now";
}

/** `service api, SEV3`; `everything` where nothing is named. */
export function matcherText({ service, check, environment, severity }: SilenceMatcher): string {
  const parts = [
    service && `service ${service}`,
    check && `check ${check}`,
    environment && `environment ${environment}`,
    severity,
  ].filter(Boolean);
  return parts.join(", ") || "everything";
}

/** What is silent at this moment, one line each: `Silent: service api until 21 Nov 2026, 14:03 (new disks)`. */
export function holdingTexts(silences: readonly Silence[]): string[] {
  return silences
    .filter(({ active }) => active)
    .map((item) => {
      const kind = item.kind === "maintenance" ? "Maintenance" : "Silent";
      return `${[`${kind}: ${matcherText(item.matcher)}`, spanText(item)].filter(Boolean).join(" ")} (${item.reason})`;
    });
}

/** When it holds: `until 21 Nov 2026, 14:03`, or each span of a recurring one. */
export function spanText({ from, until, recurrence, nextAt, endedAt }: Silence): string {
  const end = endedAt ? `ended ${moment(endedAt)}` : until ? `until ${moment(until)}` : "";
  const begin = from && !recurrence && Date.parse(from) > Date.now() ? `from ${moment(from)}` : "";
  if (!recurrence) return [begin, end].filter(Boolean).join(" ");
  const { cron, zone, durationMs } = recurrence;
  const next = nextAt ? `next ${moment(nextAt)}` : "";
  return [`${cron} (${zone}) for ${duration(durationMs)}`, next, end].filter(Boolean).join("; ");
}

/** What a person has chosen in the dialog. Times are what the browser's fields hold; empty: not given. */
export interface SilenceForm {
  kind: "silence" | "maintenance";
  service: string;
  check: string;
  severity: "" | NonNullable<SilenceMatcher["severity"]>;
  from: string;
  lengthMs: number;
  recurring: boolean;
  cron: string;
  spanMs: number;
  zone: string;
  reason: string;
}

/** The request of a form; null while something is missing. `now` in epoch ms. */
export function requestOf(form: SilenceForm, now: number): SilenceRequest | null {
  const { kind, service, severity, lengthMs, recurring, spanMs } = form;
  const [check, cron, zone, reason] = [form.check.trim(), form.cron.trim(), form.zone.trim(), form.reason.trim()];
  const from = form.from === "" ? now : Date.parse(form.from);
  if (Number.isNaN(from) || (recurring && (cron === "" || zone === "")) || reason === "") return null;
  return {
    kind,
    matcher: { ...(service && { service }), ...(check && { check }), ...(severity && { severity }) },
    reason,
    ...(form.from !== "" && { from: new Date(from).toISOString() }),
    until: new Date(from + lengthMs).toISOString(),
    ...(recurring && { recurrence: { cron, durationMs: spanMs, zone } }),
  };
}
