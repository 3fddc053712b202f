import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { freeze } from "../api/actions.ts";
import { Confirm } from "./confirm.tsx";
import { NameField } from "./name-field.tsx";
import { ReasonField } from "./reason-field.tsx";

/** Orders a time without deployments. */
export function FreezeDialog({ environment, onClose }: { environment: string; onClose: () => void }) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  return (
    <Confirm
      title={`Freeze ${environment}`}
      verb="Freeze"
      ready={reason.trim() !== ""}
      run={async () => {
        await freeze({ reason: reason.trim(), ...(until && { until: new Date(until).toISOString() }) });
        await client.invalidateQueries({ queryKey: ["status"] });
      }}
      onClose={onClose}
    >
      <p>Nothing is deployed meanwhile. Rollbacks pass, and so does who breaks the glass.</p>
      <ReasonField value={reason} onChange={setReason} />
      <label className="field">
        <span>Until (optional)</span>
        <input type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />
        <span className="hint">Left empty, it lasts until somebody lifts it.</span>
      </label>
      <NameField />
    </Confirm>
  );
}
