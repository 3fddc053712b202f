import type { Status } from "../../../src/contract/status.ts";
import { useApprovals, useStatus } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { ApprovalTable } from "../parts/approval-table.tsx";
import { ApproveDialog } from "../parts/approve-dialog.tsx";
import { ConfirmButton } from "../parts/confirm-button.tsx";
import { Empty } from "../parts/empty.tsx";
import { FreezeDialog } from "../parts/freeze-dialog.tsx";
import { FreezeTable } from "../parts/freeze-table.tsx";
import { Heading } from "../parts/heading.tsx";
import { LockSection } from "../parts/lock-section.tsx";
import { QueuedSection } from "../parts/queued-section.tsx";
import { Section } from "../parts/section.tsx";
import { holdsOf } from "../view/holds.ts";

/** What stands in the way of a deployment, and who said that it may go on. */
export function EnvironmentPage() {
  const status = useStatus();
  return (
    <Answer query={status} title="Environment">
      {(data) => <Environment status={data} />}
    </Answer>
  );
}

function Environment({ status }: { status: Status }) {
  const approvals = useApprovals();
  const { environment, freezes = [], lock, queued } = status;
  return (
    <>
      <Heading title={`Environment ${environment}`} lead={holdsOf(status)} />
      {queued && <QueuedSection queued={queued} />}
      <LockSection environment={environment} lock={lock} />
      <Section
        title="Freezes"
        aside={
          <ConfirmButton label="Freeze" className="small">
            {(close) => <FreezeDialog environment={environment} onClose={close} />}
          </ConfirmButton>
        }
      >
        {freezes.length > 0 ? (
          <FreezeTable freezes={freezes} />
        ) : (
          <Empty title="Nobody ordered a freeze">
            One keeps deployments away for a time. What the manifest closes shows in the plan of a deployment.
          </Empty>
        )}
      </Section>
      <Section
        title="Approvals and overrides"
        aside={
          <ConfirmButton label="Approve" className="small">
            {(close) => <ApproveDialog environment={environment} onClose={close} />}
          </ConfirmButton>
        }
      >
        <Answer query={approvals}>
          {(data) =>
            data.length > 0 ? (
              <ApprovalTable approvals={data} />
            ) : (
              <Empty title="Nobody approved anything yet">
                Facts that <code>require</code> in the manifest asks for are approved here or with{" "}
                <code>stationmaster approve</code>.
              </Empty>
            )
          }
        </Answer>
      </Section>
    </>
  );
}
