const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds for people, two units at most: `850 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < SECOND) return `${Math.round(span)} ms`;
  if (span < MINUTE - 50) return `${Number((span / SECOND).toFixed(1))} s`;
  if (span < HOUR) return pair(span, MINUTE, "min", SECOND, "s");
  if (span < DAY) return pair(span, HOUR, "h", MINUTE, "min");
  return pair(span, DAY, "d", HOUR, "h");
}

function pair(ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const count = Math.round(ms / small);
  const perBig = big / small;
  const rest = count % perBig;
  const head = `${Math.floor(count / perBig)} ${bigUnit}`;
  return rest === 0 ? head : `${head} ${rest} ${smallUnit}`;
}

/** How long ago `at` was, one unit: `now`, `12 s ago`, `5 min ago`, `3 h ago`, `2 d ago`; a future time reads `now`. */
export function ago(at: string, now: number): string {
  const span = now - Date.parse(at);
  if (span < 2 * SECOND) return "now";
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s ago`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min ago`;
  if (span < 2 * DAY) return `${Math.floor(span / HOUR)} h ago`;
  return `${Math.floor(span / DAY)} d ago`;
}

/** The time of day of a moment (milliseconds since the epoch or ISO text): `14:03:07`. */
export function clock(at: number | string): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

/** Bytes in binary units with three significant digits: `48.2 MiB`. */
export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${Number(value.toPrecision(3))} ${units[unit]}`;
}

/** A share of 1 as percent. Never rounds up to 100: anything less reads at most `99.99 %`. */
export function percent(share: number): string {
  if (share >= 1) return "100 %";
  return `${Number((Math.floor(share * 10_000) / 100).toFixed(2))} %`;
}

/** A latency in milliseconds: `0.8 ms`, `12 ms`, `1.25 s`; a dash when there is none. */
export function latency(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  return `${Number((ms / SECOND).toFixed(2))} s`;
}

/** `1 service`, `3 services`, `18,204 requests`; `many` where an s is not enough. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : many}`;
}

/** A commit as people write it, with the mark of uncommitted changes: `9f2c1ab40d7e-dirty`. */
export function commitName(commit: string): string {
  const [hash = "", mark] = commit.split("-");
  return `${hash.slice(0, 12)}${mark ? `-${mark}` : ""}`;
}

/** A host without the account: what tells hosts apart comes first where there is little room. */
export function hostName(host: string): string {
  return host.slice(host.indexOf("@") + 1);
}

/** Any JSON value as one short line of text. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.length === 0) return "none";
  if (Array.isArray(value) && value.flat().every((item) => typeof item !== "object")) return value.flat().join(", ");
  return JSON.stringify(value);
}

/** A moment to come, with its day: `21 Nov 2026, 14:03`. */
export function moment(at: string): string {
  return new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

/** With its first letter large. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
