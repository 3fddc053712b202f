import { useState } from "react";
import { acknowledge } from "../api/actions.ts";
import { useIncidentOrder } from "../use-incident-order.ts";
import { Confirm } from "./confirm.tsx";

/** Tells the others that a person has taken the incident. */
export function AcknowledgeDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const ordered = useIncidentOrder();
  const [note, setNote] = useState("");
  return (
    <Confirm
      title="Acknowledge this incident"
      verb="Acknowledge"
      run={() => ordered(acknowledge(id, note.trim() ? { note: note.trim() } : {}))}
      onClose={onClose}
    >
      <p>Escalation and reminders stop. Healing and checks go on.</p>
      <label className="field">
        <span>Note (optional)</span>
        <textarea rows={3} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
    </Confirm>
  );
}
