import { useQueryClient } from "@tanstack/react-query";
import type { Incident } from "../../../src/contract/incident.ts";
import { approve } from "../api/actions.ts";
import { plural } from "../view/format.ts";
import { REMEDY_EFFECT } from "../view/remedies.ts";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";

/** Lets a person allow the healing that waits for it; nothing when none does. */
export function ApproveButton({ incident }: { incident: Incident }) {
  const client = useQueryClient();
  const { id, service, state, actions, restartsLeft } = incident;
  const proposed = actions.findLast((action) => action.outcome === "proposed");
  if (!proposed || state === "resolved") return null;
  return (
    <ConfirmButton label="Approve healing" className="primary">
      {(close) => (
        <Confirm
          title={`Let Stationmaster heal ${service}`}
          verb="Approve"
          run={async () => {
            client.setQueryData(["incident", id], await approve(id));
            await client.invalidateQueries({ queryKey: ["incidents"] });
            await client.invalidateQueries({ queryKey: ["status"] });
          }}
          onClose={close}
        >
          <p>
            It tries, until the checks pass: <strong>{proposed.detail ?? proposed.remedy}</strong>.
          </p>
          <p>{REMEDY_EFFECT[proposed.remedy](service)}</p>
          <p className="muted">{plural(restartsLeft, "restart")} left within the hour; then people are called.</p>
        </Confirm>
      )}
    </ConfirmButton>
  );
}
