import { type Incident, isOver } from "../../../src/contract/incident.ts";
import { approve } from "../api/actions.ts";
import { useIncidentOrder } from "../use-incident-order.ts";
import { plural } from "../view/format.ts";
import { REMEDY_EFFECT } from "../view/remedies.ts";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";

/** Lets a person allow the healing that waits for it; nothing when none does. */
export function ApproveButton({ incident }: { incident: Incident }) {
  const ordered = useIncidentOrder();
  const { id, service, state, actions, restartsLeft } = incident;
  const proposed = actions.findLast((action) => action.outcome === "proposed");
  if (!proposed || isOver(state)) return null;
  return (
    <ConfirmButton label="Approve healing" className="primary">
      {(close) => (
        <Confirm
          title={`Let Stationmaster heal ${service}`}
          verb="Approve"
          run={() => ordered(approve(id))}
          onClose={close}
        >
          <p>
            It tries, until the checks pass: <strong>{proposed.detail ?? proposed.remedy}</strong>.
          </p>
          <p>{REMEDY_EFFECT[proposed.remedy](service)}</p>
          <p className="muted">{plural(restartsLeft ?? 0, "restart")} left within the hour; then people are called.</p>
        </Confirm>
      )}
    </ConfirmButton>
  );
}
