import type { Release } from "../../../src/contract/rollout.ts";
import { useReleases, useStatus } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { Badge } from "../parts/badge.tsx";
import { ConfirmButton } from "../parts/confirm-button.tsx";
import type { Column } from "../parts/data-table.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Empty } from "../parts/empty.tsx";
import { Heading } from "../parts/heading.tsx";
import { ReleaseName } from "../parts/release-name.tsx";
import { RollbackDialog } from "../parts/rollback-dialog.tsx";
import { Time } from "../parts/time.tsx";
import { commitName } from "../view/format.ts";
import { rollbackTargets } from "../view/rollback-targets.ts";
import { isActive, rolloutTone, words } from "../view/states.ts";

export function ReleasesPage() {
  const releases = useReleases();
  const status = useStatus();
  return (
    <>
      <Heading title="Releases" lead="Kept releases, newest first. Those that have served can serve again." />
      <Answer query={releases}>
        {(data) =>
          data.length > 0 ? (
            <DataTable
              caption="Releases, newest first"
              columns={columnsFor(rollbackTargets(data), status.data?.environment).filter(
                ({ label }) => label !== "Commit" || data.some(hasCommit),
              )}
              rows={data}
              keyOf={(release) => release.name}
            />
          ) : (
            <Empty title="No release yet">The first deploy makes one.</Empty>
          )
        }
      </Answer>
    </>
  );
}

function hasCommit(release: Release): boolean {
  return release.commit !== null;
}

function columnsFor(targets: readonly Release[], environment: string | undefined): readonly Column<Release>[] {
  return [
    { label: "Release", cell: (release) => <ReleaseName name={release.name} /> },
    {
      label: "Last rollout",
      cell: (release) =>
        release.state ? <Badge tone={rolloutTone(release.state)}>{words(release.state)}</Badge> : "never rolled out",
    },
    { label: "Serving", cell: (release) => release.current && <Badge tone="ok">serving now</Badge> },
    {
      label: "Commit",
      minor: true,
      cell: (release) => release.commit && <code className="whole">{commitName(release.commit)}</code>,
    },
    { label: "Created", cell: (release) => <Time at={release.createdAt} /> },
    { label: "Services", minor: true, cell: (release) => release.services.join(", ") },
    {
      label: "Action",
      cell: (release) => {
        if (!environment || release.current || (release.state && isActive({ state: release.state }))) return null;
        if (!targets.includes(release)) return <span className="muted">never served</span>;
        return (
          <ConfirmButton label="Roll back to this" className="small" title={`Roll back to ${release.name}`}>
            {(close) => <RollbackDialog environment={environment} target={release.name} onClose={close} />}
          </ConfirmButton>
        );
      },
    },
  ];
}
