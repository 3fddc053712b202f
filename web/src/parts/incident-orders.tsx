import { type Incident, isOver } from "../../../src/contract/incident.ts";
import { AcknowledgeDialog } from "./acknowledge-dialog.tsx";
import { CloseDialog } from "./close-dialog.tsx";
import { ConfirmButton } from "./confirm-button.tsx";
import { FreezeHealing } from "./freeze-healing.tsx";
import { PublishDialog } from "./publish-dialog.tsx";
import { SeverityDialog } from "./severity-dialog.tsx";

/** What a person can do about an incident, apart from a proposal. */
export function IncidentOrders({ incident }: { incident: Incident }) {
  const { id, state, acknowledged, restartsLeft, reportedBy } = incident;
  const over = isOver(state);
  const endsByHand = state === "review" || (!over && reportedBy !== undefined);
  return (
    <>
      {!over && (
        <>
          <ConfirmButton label={acknowledged ? "Acknowledged" : "Acknowledge"} disabled={acknowledged}>
            {(close) => <AcknowledgeDialog id={id} onClose={close} />}
          </ConfirmButton>
          <ConfirmButton label="Set severity">
            {(close) => <SeverityDialog incident={incident} onClose={close} />}
          </ConfirmButton>
          {restartsLeft !== null && <FreezeHealing incident={incident} />}
        </>
      )}
      {endsByHand && (
        <ConfirmButton label={state === "review" ? "Close the review" : "End it"} className="primary">
          {(close) => <CloseDialog incident={incident} onClose={close} />}
        </ConfirmButton>
      )}
      {state !== "closed" && (
        <ConfirmButton label="Publish">{(close) => <PublishDialog id={id} onClose={close} />}</ConfirmButton>
      )}
    </>
  );
}
