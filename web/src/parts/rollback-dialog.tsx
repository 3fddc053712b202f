import { useState } from "react";
import type { Release } from "../../../src/contract/rollout.ts";
import { rollback } from "../api/actions.ts";
import { useReleases } from "../api/queries.ts";
import { navigate } from "../router.tsx";
import { to } from "../routes.ts";
import { rollbackTargets } from "../view/rollback-targets.ts";
import { words } from "../view/states.ts";
import { Answer } from "./answer.tsx";
import { Confirm } from "./confirm.tsx";
import { Time } from "./time.tsx";

interface Props {
  environment: string;
  /** The release to begin with; the newest good one before the current when absent. */
  target?: string;
  onClose: () => void;
}

/** Lets a person choose a kept release, says what going back does, and starts it on confirmation. */
export function RollbackDialog({ environment, target, onClose }: Props) {
  const releases = useReleases();
  const [picked, setPicked] = useState(target);
  const { targets, suggested } = rollbackTargets(releases.data ?? []);
  const chosen = targets.find((release) => release.name === picked) ?? suggested;
  return (
    <Confirm
      title={`Roll back ${environment}`}
      verb={chosen ? `Roll back to ${chosen.name}` : "Roll back"}
      danger
      ready={chosen !== undefined}
      run={async () => {
        if (!chosen) return;
        const rollout = await rollback({ environment, to: chosen.name });
        navigate(to.rollout(rollout.id));
      }}
      onClose={onClose}
    >
      <Answer query={releases}>
        {(all) =>
          chosen ? (
            <Choice
              targets={targets}
              chosen={chosen}
              current={all.find((release) => release.current)}
              onPick={(name) => setPicked(name)}
            />
          ) : (
            <p>No other release is kept, so there is nothing to go back to. Deploy once more to have one.</p>
          )
        }
      </Answer>
    </Confirm>
  );
}

interface ChoiceProps {
  targets: readonly Release[];
  chosen: Release;
  current: Release | undefined;
  onPick: (name: string) => void;
}

function Choice({ targets, chosen, current, onPick }: ChoiceProps) {
  return (
    <>
      <label className="field">
        <span>Release to return to</span>
        <select value={chosen.name} onChange={(event) => onPick(event.target.value)}>
          {targets.map((release) => (
            <option key={release.name} value={release.name}>
              {release.name}
              {release.state && release.state !== "SUCCEEDED" && ` (${words(release.state)})`}
            </option>
          ))}
        </select>
      </label>
      <p className="plan-title">
        <span className="release">
          {current?.name ?? "running release"} → {chosen.name}
        </span>
      </p>
      <ul className="plan-checks">
        <li>
          Created <Time at={chosen.createdAt} />
          {chosen.commit && ` from commit ${chosen.commit.slice(0, 12)}`}
        </li>
        <li>Services: {chosen.services.join(", ")}</li>
        <li>Code, configuration and environment of that release come back; data stays as it is.</li>
        <li>It must pass its health checks before requests move to it.</li>
      </ul>
    </>
  );
}
