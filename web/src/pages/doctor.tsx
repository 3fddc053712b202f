import type { DoctorReport } from "../../../src/contract/status.ts";
import { useDoctor } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { Badge } from "../parts/badge.tsx";
import type { Column } from "../parts/data-table.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Heading } from "../parts/heading.tsx";
import { Time } from "../parts/time.tsx";
import { WorkerSection } from "../parts/worker-section.tsx";
import { doctorSummary } from "../view/doctor.ts";
import { FINDING_TONE } from "../view/states.ts";

type Finding = DoctorReport["checks"][number];

const COLUMNS: readonly Column<Finding>[] = [
  { label: "State", cell: (finding) => <Badge tone={FINDING_TONE[finding.state]}>{finding.state}</Badge> },
  { label: "What", cell: (finding) => <span className="nowrap">{finding.name}</span> },
  { label: "Finding", cell: (finding) => <span className="wrap">{finding.detail}</span> },
  { label: "What to do", cell: (finding) => finding.next && <span className="wrap">{finding.next}</span> },
];

export function DoctorPage() {
  const doctor = useDoctor();
  return (
    <>
      <Heading
        title="Doctor"
        lead="What Stationmaster needs on its own machine, and what is missing."
        actions={
          <button type="button" className="button" disabled={doctor.isFetching} onClick={() => void doctor.refetch()}>
            {doctor.isFetching ? "Looking…" : "Look again"}
          </button>
        }
      />
      <Answer query={doctor}>
        {({ checks }) => (
          <>
            <p>
              {doctorSummary(checks)}{" "}
              <span className="muted">
                Looked <Time at={new Date(doctor.dataUpdatedAt).toISOString()} />.
              </span>
            </p>
            <DataTable caption="Findings" columns={COLUMNS} rows={checks} keyOf={(finding) => finding.name} />
          </>
        )}
      </Answer>
      <WorkerSection />
    </>
  );
}
