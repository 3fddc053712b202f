import { useState } from "react";
import type { Incident } from "../../../src/contract/incident.ts";
import { Severity } from "../../../src/contract/severity.ts";
import { setSeverity } from "../api/incident-actions.ts";
import { useIncidentOrder } from "../use-incident-order.ts";
import { Confirm } from "./confirm.tsx";
import { NameField } from "./name-field.tsx";

const MEANING: Record<Severity, string> = {
  SEV1: "SEV1: production is down; people are called at once",
  SEV2: "SEV2: something important is broken",
  SEV3: "SEV3: minor; told in a digest",
};

/** A person's word on how severe an incident is. */
export function SeverityDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const ordered = useIncidentOrder();
  const others = Severity.options.filter((option) => option !== incident.severity);
  const [severity, choose] = useState<Severity>(others.at(-1) ?? "SEV3");
  const [note, setNote] = useState("");
  return (
    <Confirm
      title={`It is ${incident.severity} now`}
      verb={`Set ${severity}`}
      run={() => ordered(setSeverity(incident.id, severity, note.trim()))}
      onClose={onClose}
    >
      <p>By itself the severity only rises; a person sets it either way.</p>
      <fieldset className="choices">
        <legend>Severity</legend>
        {others.map((option) => (
          <label key={option} className="check">
            <input type="radio" name="severity" checked={option === severity} onChange={() => choose(option)} />
            {MEANING[option]}
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>Note (optional)</span>
        <textarea rows={2} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      <NameField />
    </Confirm>
  );
}
