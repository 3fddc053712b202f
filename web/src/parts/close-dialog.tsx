import { useState } from "react";
import type { Incident } from "../../../src/contract/incident.ts";
import { closeReview } from "../api/incident-actions.ts";
import { useIncidentOrder } from "../use-incident-order.ts";
import { Confirm } from "./confirm.tsx";
import { NameField } from "./name-field.tsx";

/** Ends the review, or an incident that a person opened. */
export function CloseDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const ordered = useIncidentOrder();
  const [note, setNote] = useState("");
  const isReview = incident.state === "review";
  return (
    <Confirm
      title={isReview ? "Close the review" : "End this incident"}
      verb={isReview ? "Close" : "End"}
      ready={note.trim() !== ""}
      run={() => ordered(closeReview(incident.id, note.trim()))}
      onClose={onClose}
    >
      <label className="field">
        <span>{isReview ? "What was found, and what was changed" : "Why it is over"}</span>
        <textarea rows={3} maxLength={2_000} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      <NameField />
    </Confirm>
  );
}
