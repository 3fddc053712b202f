import { useState } from "react";
import type { Release } from "../../../src/contract/rollout.ts";
import { rollback } from "../api/actions.ts";
import { useReleases } from "../api/queries.ts";
import { commitName } from "../view/format.ts";
import { rollbackTargets } from "../view/rollback-targets.ts";
import { words } from "../view/states.ts";
import { PlanDialog } from "./plan-dialog.tsx";
import { Time } from "./time.tsx";

interface Props {
  environment: string;
  /** The release to begin with; the server's choice when absent. */
  target?: string;
  onClose: () => void;
}

/** Lets a person choose a kept release, shows the plan of going back to it, and starts it on confirmation. */
export function RollbackDialog({ environment, target, onClose }: Props) {
  const releases = useReleases();
  const [picked, setPicked] = useState(target);
  const targets = rollbackTargets(releases.data ?? []);
  const request = { environment, ...(picked && { to: picked }) };
  return (
    <PlanDialog
      title={`Roll back ${environment}`}
      verb={(plan) => (plan ? `Roll back to ${plan.release}` : "Roll back")}
      danger
      question={{ kind: "rollback", request }}
      start={(planHash) => rollback({ ...request, planHash })}
      onClose={onClose}
      before={(plan) => {
        const chosen = targets.find(({ name }) => name === (picked ?? plan?.release));
        return targets.length > 0 && <Choice targets={targets} chosen={chosen} onPick={setPicked} />;
      }}
      after={
        <p className="muted">Code, configuration and environment of that release come back; data stays as it is.</p>
      }
    />
  );
}

interface ChoiceProps {
  targets: readonly Release[];
  /** Undefined until the server has made its choice, or where it has none. */
  chosen: Release | undefined;
  onPick: (name: string) => void;
}

function Choice({ targets, chosen, onPick }: ChoiceProps) {
  return (
    <label className="field">
      <span>Release to return to</span>
      <select value={chosen?.name ?? ""} onChange={(event) => onPick(event.target.value)}>
        {!chosen && <option value="">the one before</option>}
        {targets.map((release) => (
          <option key={release.name} value={release.name}>
            {release.name}
            {release.state && release.state !== "SUCCEEDED" && ` (${words(release.state)})`}
          </option>
        ))}
      </select>
      {chosen && (
        <span className="hint">
          Made <Time at={chosen.createdAt} />
          {chosen.commit && ` from commit ${commitName(chosen.commit)}`}: {chosen.services.join(", ")}
        </span>
      )}
    </label>
  );
}
