import type { Incident } from "../../../src/contract/incident.ts";
import { setFrozen } from "../api/incident-actions.ts";
import { useIncidentOrder } from "../use-incident-order.ts";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";
import { NameField } from "./name-field.tsx";

/** Stops healing of an incident, or allows it again. */
export function FreezeHealing({ incident }: { incident: Incident }) {
  const ordered = useIncidentOrder();
  const isFrozen = incident.flags?.includes("frozen") ?? false;
  const label = isFrozen ? "Allow healing" : "Stop healing";
  return (
    <ConfirmButton label={label}>
      {(close) => (
        <Confirm
          title={`${label} of ${incident.service}`}
          verb={label}
          danger={!isFrozen}
          run={() => ordered(setFrozen(incident.id, !isFrozen))}
          onClose={close}
        >
          <p>
            {isFrozen
              ? "Evidence is collected anew; then the remedies that are left are tried."
              : "What has begun is seen to its end; nothing else is done until somebody allows it again."}
          </p>
          <NameField />
        </Confirm>
      )}
    </ConfirmButton>
  );
}
