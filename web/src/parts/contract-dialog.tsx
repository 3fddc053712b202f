import { contract } from "../api/actions.ts";
import { PlanDialog } from "./plan-dialog.tsx";

/** The plan of taking away what only older releases need of a database, and its start. */
export function ContractDialog({ service, onClose }: { service: string; onClose: () => void }) {
  return (
    <PlanDialog
      title={`Take the old schema of ${service} away`}
      verb={() => "Take away"}
      danger
      question={{ kind: "contract", request: { service } }}
      start={(planHash, overrides) => contract({ service, ...overrides, planHash })}
      onClose={onClose}
      after={<p className="muted">Releases that need the old schema cannot be gone back to afterwards.</p>}
    />
  );
}
