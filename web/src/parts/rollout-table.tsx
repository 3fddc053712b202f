import type { RolloutSummary } from "../../../src/contract/rollout.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { rolloutTone, words } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import type { Column } from "./data-table.tsx";
import { DataTable } from "./data-table.tsx";
import { Elapsed } from "./elapsed.tsx";
import { ReleaseName } from "./release-name.tsx";
import { Time } from "./time.tsx";

const COLUMNS: readonly Column<RolloutSummary>[] = [
  { label: "State", cell: (rollout) => <Badge tone={rolloutTone(rollout.state)}>{words(rollout.state)}</Badge> },
  {
    label: "Release",
    cell: (rollout) => (
      <Link href={to.rollout(rollout.id)} aria-label={`Rollout of ${rollout.release}, ${words(rollout.state)}`}>
        <ReleaseName name={rollout.release} />
      </Link>
    ),
  },
  { label: "From", minor: true, cell: (rollout) => rollout.fromRelease && <ReleaseName name={rollout.fromRelease} /> },
  {
    label: "Kind",
    minor: true,
    cell: (rollout) => <span className="nowrap">{`${rollout.kind}, ${rollout.strategy}`}</span>,
  },
  { label: "By", minor: true, cell: (rollout) => rollout.actor },
  { label: "Started", cell: (rollout) => <Time at={rollout.startedAt} /> },
  { label: "Took", numeric: true, cell: (rollout) => <Elapsed from={rollout.startedAt} until={rollout.endedAt} /> },
  { label: "Reason", cell: (rollout) => rollout.reason && <span className="clip">{rollout.reason}</span> },
];

export function RolloutTable({ rollouts }: { rollouts: readonly RolloutSummary[] }) {
  return (
    <DataTable caption="Rollouts, newest first" columns={COLUMNS} rows={rollouts} keyOf={(rollout) => rollout.id} />
  );
}
