import type { UseQueryResult } from "@tanstack/react-query";
import type { MigrationHistory, MigrationReport } from "../../../src/contract/migration.ts";
import { Badge } from "./badge.tsx";
import { ConfirmButton } from "./confirm-button.tsx";
import { ContractDialog } from "./contract-dialog.tsx";
import { FailureNote } from "./failure-note.tsx";
import { MigrationList } from "./migration-list.tsx";
import { Section } from "./section.tsx";
import { Time } from "./time.tsx";

interface Props extends Pick<MigrationHistory, "services"> {
  report: UseQueryResult<MigrationReport>;
}

/** Where each schema stands, and on demand what the next deployment would do to it. */
export function PendingMigrations({ services, report }: Props) {
  return (
    <Section
      title="Schemas"
      aside={
        <button type="button" className="button" disabled={report.isFetching} onClick={() => void report.refetch()}>
          {report.isFetching ? "Trying…" : "Try what is pending"}
        </button>
      }
    >
      <p className="muted">
        {report.data ? (
          <>
            Tried <Time at={new Date(report.dataUpdatedAt).toISOString()} /> for {report.data.release}.
          </>
        ) : (
          "Trying prepares the release and runs its migrations on a scratch database; nothing that serves is touched. It may take minutes."
        )}
      </p>
      {report.error && <FailureNote error={report.error} />}
      <ul className="schemas">
        {services.map(({ service, tool, position }) => (
          <li key={service}>
            <div className="section-head">
              <p className="plan-title">
                <strong>{service}</strong> ({tool}),{" "}
                {position === null ? "nothing was run yet" : `at position ${position}`}
              </p>
              <ConfirmButton
                label="Contract…"
                className="small"
                title={`The plan of taking away what only old releases of ${service} need`}
              >
                {(close) => <ContractDialog service={service} onClose={close} />}
              </ConfirmButton>
            </div>
            {report.data && <Tried service={service} report={report.data} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Tried({ service, report }: { service: string; report: MigrationReport }) {
  const found = report.services.find((item) => item.service === service);
  if (!found) return null;
  const migrations = report.migrations.filter((item) => item.service === service);
  return (
    <>
      <p>
        <Badge tone={found.safe ? "ok" : "bad"}>{found.safe ? "safe" : "would be refused"}</Badge>{" "}
        {`${found.evidence}; position ${found.position} afterwards`}
      </p>
      {migrations.length > 0 && <MigrationList migrations={migrations} />}
    </>
  );
}
