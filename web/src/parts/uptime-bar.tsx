import type { Check } from "../../../src/contract/check.ts";
import { useSeries } from "../api/queries.ts";
import { percent } from "../view/format.ts";
import type { Segment } from "../view/uptime.ts";
import { endOf, isYoung, segmentsOf, uptimeOf } from "../view/uptime.ts";

const MINUTE_MS = 60_000;
const HEIGHT = 26;
const DAY = {
  windowMs: 1_440 * MINUTE_MS,
  count: 48,
  label: "Uptime 24 h",
  words: "the last 24 hours",
  unit: "half hours",
};
const HOUR = { windowMs: 60 * MINUTE_MS, count: 60, label: "Uptime 1 h", words: "the last hour", unit: "minutes" };

/**
 * The last 24 hours in half hours, or the last hour in minutes while nothing is older.
 * Full = passed, notched = some failures, red = mostly failed, low grey = no data.
 */
export function UptimeBar({ check }: { check: Check | undefined }) {
  const day = useSeries(check?.id, "24h").data;
  const hour = useSeries(check?.id, "1h").data;
  const young = check === undefined || (day !== undefined && isYoung(day, endOf(day) ?? Date.now()));
  const { windowMs, count, label, words, unit } = young ? HOUR : DAY;
  const shown = young ? hour : day;
  const now = (shown && endOf(shown)) ?? Date.now();
  const segments = segmentsOf(shown?.points ?? [], { now, windowMs, count });
  const uptime = check?.uptime24h ?? uptimeOf(segments);
  const figure = uptime === null ? "no data yet" : percent(uptime);
  const troubled = segments.filter((segment) => segment.fails > 0).length;
  const width = 300 / count;
  return (
    <div className="uptime">
      <div className="metric-head">
        <span>{label}</span>
        <span className="num strong">{figure}</span>
      </div>
      <svg
        viewBox={`0 0 300 ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Uptime of ${words}: ${figure}${troubled ? `, failures in ${troubled} of ${count} ${unit}` : ""}`}
      >
        {segments.map((segment, index) => (
          <Bar key={segment.from} segment={segment} x={index * width} width={width * 0.7} />
        ))}
      </svg>
    </div>
  );
}

function Bar({ segment, x, width }: { segment: Segment; x: number; width: number }) {
  const bad = segment.kind === "down" ? HEIGHT : Math.max(6, segment.failShare * HEIGHT);
  return (
    <g>
      <title>{describe(segment)}</title>
      {segment.kind === "none" && <rect className="bar-none" x={x} y={HEIGHT - 5} width={width} height={5} />}
      {(segment.kind === "up" || segment.kind === "part") && (
        <rect className="bar-up" x={x} y={0} width={width} height={HEIGHT} />
      )}
      {segment.fails > 0 && <rect className="bar-bad" x={x} y={HEIGHT - bad} width={width} height={bad} />}
    </g>
  );
}

function describe(segment: Segment): string {
  const clock = (ms: number) => new Date(ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const span = `${clock(segment.from)}–${clock(segment.to)}`;
  if (segment.kind === "none") return `${span}: no data`;
  return `${span}: ${segment.fails} of ${segment.runs} checks failed`;
}
