import type { Check } from "../../../src/contract/check.ts";
import { useSeries } from "../api/queries.ts";
import { useNow } from "../clock.ts";
import { percent } from "../view/format.ts";
import type { Segment } from "../view/uptime.ts";
import { segmentsOf, uptimeOf } from "../view/uptime.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const WIDTH = 6;
const HEIGHT = 26;

/** The last 24 hours in 48 half hours: full = passed, notched = some failures, hatched = mostly failed, low grey = no data. */
export function UptimeBar({ check }: { check: Check | undefined }) {
  const series = useSeries(check?.id, "24h");
  const minute = Math.ceil(useNow() / MINUTE_MS) * MINUTE_MS;
  const segments = segmentsOf(series.data?.points ?? [], { now: minute, windowMs: DAY_MS });
  const uptime = check?.uptime24h ?? uptimeOf(segments);
  const troubled = segments.filter((segment) => segment.fails > 0).length;
  const words = uptime === null ? "no data yet" : percent(uptime);
  const label = `Uptime of the last 24 hours: ${words}${troubled ? `, failures in ${troubled} of 48 half hours` : ""}`;
  return (
    <div className="uptime">
      <div className="metric-head">
        <span>Uptime 24 h</span>
        <span className="num strong">{words}</span>
      </div>
      <svg viewBox={`0 0 ${48 * WIDTH - 2} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {segments.map((segment, index) => (
          <Bar key={segment.from} segment={segment} x={index * WIDTH} />
        ))}
      </svg>
    </div>
  );
}

function Bar({ segment, x }: { segment: Segment; x: number }) {
  const bad = segment.kind === "down" ? HEIGHT : Math.max(6, segment.failShare * HEIGHT);
  return (
    <g>
      <title>{describe(segment)}</title>
      {segment.kind === "none" && <rect className="bar-none" x={x} y={HEIGHT - 5} width={WIDTH - 2} height={5} />}
      {(segment.kind === "up" || segment.kind === "part") && (
        <rect className="bar-up" x={x} y={0} width={WIDTH - 2} height={HEIGHT} />
      )}
      {segment.fails > 0 && <rect className="bar-bad" x={x} y={HEIGHT - bad} width={WIDTH - 2} height={bad} />}
    </g>
  );
}

function describe(segment: Segment): string {
  const clock = (ms: number) => new Date(ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const span = `${clock(segment.from)}–${clock(segment.to)}`;
  if (segment.kind === "none") return `${span}: no data`;
  return `${span}: ${segment.fails} of ${segment.runs} checks failed`;
}
