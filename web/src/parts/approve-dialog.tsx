import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { VouchRequest } from "../../../src/contract/requests.ts";
import { vouch } from "../api/actions.ts";
import { Confirm } from "./confirm.tsx";
import { NameField } from "./name-field.tsx";

const WHAT = VouchRequest.shape.what;
const MEANING: Record<VouchRequest["what"], string> = {
  qa: "qa: it was looked at and works",
  "migrations-tested": "migrations-tested: its migrations were tried",
  backup: "backup: the data was backed up within the last 24 hours",
};

/** A person's word for a fact about what the next deployment would ship. */
export function ApproveDialog({ environment, onClose }: { environment: string; onClose: () => void }) {
  const client = useQueryClient();
  const [what, setWhat] = useState<VouchRequest["what"]>("qa");
  const [evidence, setEvidence] = useState("");
  return (
    <Confirm
      title={`Approve for ${environment}`}
      verb="Approve"
      run={async () => {
        await vouch({ what, ...(evidence.trim() && { evidence: evidence.trim() }) });
        await client.invalidateQueries({ queryKey: ["approvals"] });
      }}
      onClose={onClose}
    >
      <p>It counts for what the manifest and files say now, and for nothing else.</p>
      <label className="field">
        <span>Fact</span>
        <select value={what} onChange={(event) => setWhat(WHAT.parse(event.target.value))}>
          {WHAT.options.map((option) => (
            <option key={option} value={option}>
              {MEANING[option]}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Evidence (optional)</span>
        <input
          type="text"
          maxLength={500}
          value={evidence}
          placeholder="where it is: a report, a run, a file"
          onChange={(event) => setEvidence(event.target.value)}
        />
      </label>
      <NameField />
    </Confirm>
  );
}
