import { useState } from "react";
import type { Incident } from "../../../src/contract/incident.ts";
import { decline } from "../api/incident-actions.ts";
import { useIncidentOrder } from "../use-incident-order.ts";
import { Confirm } from "./confirm.tsx";
import { NameField } from "./name-field.tsx";
import { ReasonField } from "./reason-field.tsx";

/** Refuses what healing proposes. */
export function DeclineDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const ordered = useIncidentOrder();
  const [reason, setReason] = useState("");
  return (
    <Confirm
      title="Decline this proposal"
      verb="Decline"
      danger
      ready={reason.trim() !== ""}
      run={() => ordered(decline(incident.id, reason.trim()))}
      onClose={onClose}
    >
      <p>Nothing is done to {incident.service}; the incident is left to people.</p>
      <ReasonField value={reason} onChange={setReason} />
      <NameField />
    </Confirm>
  );
}
