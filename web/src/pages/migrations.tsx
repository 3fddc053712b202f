import type { MigrationHistory } from "../../../src/contract/migration.ts";
import { useMigrationHistory, useMigrationReport } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { BackfillTable } from "../parts/backfill-table.tsx";
import { Empty } from "../parts/empty.tsx";
import { Heading } from "../parts/heading.tsx";
import { MigrationRuns } from "../parts/migration-runs.tsx";
import { PendingMigrations } from "../parts/pending-migrations.tsx";
import { Section } from "../parts/section.tsx";

export function MigrationsPage() {
  const history = useMigrationHistory();
  return (
    <>
      <Heading title="Migrations" lead="What becomes of the database schemas: tried before, done by rollouts." />
      <Answer query={history}>{(data) => <Migrations history={data} />}</Answer>
    </>
  );
}

function Migrations({ history: { services, runs, backfills: begun } }: { history: MigrationHistory }) {
  const report = useMigrationReport();
  const pending = report.data?.backfills.filter(({ state }) => state === "pending") ?? [];
  const backfills = [...pending, ...begun];
  if (services.length === 0)
    return (
      <Empty title="No service has migrations">
        <code>migrate</code> of a service in the manifest says how they are run.
      </Empty>
    );
  return (
    <>
      <PendingMigrations services={services} report={report} />
      {backfills.length > 0 && (
        <Section title="Backfills">
          <BackfillTable backfills={backfills} />
        </Section>
      )}
      <Section title="Last runs">
        {runs.length > 0 ? (
          <MigrationRuns runs={runs} />
        ) : (
          <Empty title="None was run yet">A deployment runs what is pending before its release starts.</Empty>
        )}
      </Section>
    </>
  );
}
