import type { Check } from "../../../src/contract/check.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { isTimed } from "../view/checks.ts";
import { duration, latency, percent } from "../view/format.ts";
import { VERDICT_TONE, words } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import type { Column } from "./data-table.tsx";
import { DataTable } from "./data-table.tsx";
import { Time } from "./time.tsx";

const COLUMNS: readonly Column<Check>[] = [
  { label: "Verdict", cell: (check) => <Badge tone={VERDICT_TONE[check.verdict]}>{words(check.verdict)}</Badge> },
  { label: "Check", cell: (check) => <CheckLink id={check.id} /> },
  { label: "Asks", minor: true, cell: (check) => <code className="wrap">{check.target}</code> },
  { label: "Every", numeric: true, minor: true, cell: (check) => duration(check.everyMs) },
  { label: "Since", minor: true, cell: (check) => check.since && <Time at={check.since} /> },
  { label: "Last", cell: (check) => <LastResult check={check} /> },
  {
    label: "Uptime 24 h",
    numeric: true,
    minor: true,
    cell: (check) => check.uptime24h !== null && percent(check.uptime24h),
  },
  { label: "p50, 1 h", numeric: true, minor: true, cell: (check) => timing(check, check.p50) },
  { label: "p95, 1 h", numeric: true, cell: (check) => timing(check, check.p95) },
  { label: "p99, 1 h", numeric: true, minor: true, cell: (check) => timing(check, check.p99) },
];

function CheckLink({ id }: { id: string }) {
  return (
    <Link href={to.check(id)}>
      <code className="whole">{id}</code>
    </Link>
  );
}

function timing(check: Check, ms: number | null): string | null {
  return ms !== null && isTimed(check) ? latency(ms) : null;
}

/** What a check said last, and how long it took. */
export function LastResult({ check }: { check: Check }) {
  const result = check.lastResult;
  if (!result) return null;
  return (
    <span className="nowrap" title={result.detail ?? undefined}>
      {result.outcome}
      {result.class && result.class !== result.outcome && ` (${result.class})`}
      {isTimed(check) && <span className="muted"> {latency(result.durationMs)}</span>}
    </span>
  );
}

export function CheckTable({ checks }: { checks: readonly Check[] }) {
  return <DataTable caption="Checks" columns={COLUMNS} rows={checks} keyOf={(check) => check.id} />;
}
