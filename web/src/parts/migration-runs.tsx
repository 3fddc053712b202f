import type { MigrationRun } from "../../../src/contract/migration.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import type { Tone } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { Elapsed } from "./elapsed.tsx";
import { Time } from "./time.tsx";

const COLUMNS: readonly Column<MigrationRun>[] = [
  { label: "Migration", cell: ({ id }) => <span className="wrap">{id}</span> },
  { label: "Service", cell: ({ service }) => service },
  { label: "Kind", cell: ({ kind }) => kind },
  { label: "Ended", cell: ({ outcome }) => <Outcome outcome={outcome} /> },
  { label: "Position", numeric: true, minor: true, cell: ({ position }) => position },
  { label: "Begun", cell: ({ startedAt }) => <Time at={startedAt} /> },
  {
    label: "Took",
    minor: true,
    cell: ({ startedAt, endedAt }) => endedAt && <Elapsed from={startedAt} until={endedAt} />,
  },
  {
    label: "Rollout",
    minor: true,
    cell: ({ rollout }) =>
      rollout && (
        <Link href={to.rollout(rollout)}>
          <code className="nowrap">{rollout}</code>
        </Link>
      ),
  },
];

/** Migrations that rollouts began, the newest first. */
export function MigrationRuns({ runs }: { runs: readonly MigrationRun[] }) {
  return (
    <DataTable
      caption="Migrations that were run"
      columns={COLUMNS}
      rows={runs}
      keyOf={({ service, id }) => `${service} ${id}`}
    />
  );
}

function Outcome({ outcome }: Pick<MigrationRun, "outcome">) {
  const [tone, word]: [Tone, string] =
    outcome === null ? ["busy", "under way"] : outcome === "done" ? ["ok", "done"] : ["bad", "failed"];
  return <Badge tone={tone}>{word}</Badge>;
}
