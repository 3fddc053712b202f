import { useQueryClient } from "@tanstack/react-query";
import type { Incident } from "../../../src/contract/incident.ts";
import { approve } from "../api/actions.ts";
import { REMEDY_EFFECT } from "../view/remedies.ts";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";

/** Lets a person allow the healing action that waits for it; nothing when none does. */
export function ApproveButton({ incident }: { incident: Incident }) {
  const client = useQueryClient();
  const { id, service, actions, restartsLeft } = incident;
  const proposed = actions.findLast((action) => action.outcome === "proposed");
  if (!proposed || incident.state === "resolved") return null;
  const { remedy } = proposed;
  return (
    <ConfirmButton label={`Approve ${remedy}`} className="primary">
      {(close) => (
        <Confirm
          title={`Approve ${remedy} of ${service}`}
          verb={`Approve ${remedy}`}
          run={async () => {
            client.setQueryData(["incident", id], await approve(id));
            await client.invalidateQueries({ queryKey: ["incidents"] });
            await client.invalidateQueries({ queryKey: ["status"] });
          }}
          onClose={close}
        >
          <p>{REMEDY_EFFECT[remedy](service)}</p>
          {proposed.detail && <p className="muted">{proposed.detail}</p>}
          {remedy === "restart" && (
            <p className="muted">
              It counts: {restartsLeft === 1 ? "this is the last restart" : `${restartsLeft} restarts are left`} within
              the hour.
            </p>
          )}
        </Confirm>
      )}
    </ConfirmButton>
  );
}
