import type { Check } from "../../../src/contract/check.ts";
import { useSeries } from "../api/queries.ts";
import { latency } from "../view/format.ts";
import { sparkPath } from "../view/sparkline.ts";

const SIZE = { width: 160, height: 26 };

/** p95 latency of the last hour as a line, with the figure of the whole hour. */
export function Sparkline({ check }: { check: Check | undefined }) {
  const series = useSeries(check?.id, "1h");
  const p95 = check?.p95 ?? null;
  const path = sparkPath(series.data?.points ?? [], SIZE);
  return (
    <div className="spark">
      <div className="metric-head">
        <span>p95, 1 h</span>
        <span className="num strong">{latency(p95)}</span>
      </div>
      <svg
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`95th percentile of latency over the last hour: ${p95 === null ? "no data yet" : latency(p95)}`}
      >
        <path className="spark-base" d={`M0 ${SIZE.height - 0.5}H${SIZE.width}`} />
        {path && <path className="spark-line" d={path} />}
      </svg>
    </div>
  );
}
