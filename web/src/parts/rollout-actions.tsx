import { useQueryClient } from "@tanstack/react-query";
import type { RolloutSummary } from "../../../src/contract/rollout.ts";
import { abort, promote } from "../api/actions.ts";
import { canAbort, canPromote } from "../view/progress.ts";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";

/** Promote and abort, while the rollout still can. */
export function RolloutActions({ rollout }: { rollout: RolloutSummary }) {
  const client = useQueryClient();
  const { id, release, state, fromRelease } = rollout;
  if (!canAbort(state)) return null;
  const refresh = () => client.invalidateQueries({ queryKey: ["rollout", id] });
  return (
    <>
      <ConfirmButton
        label="Promote"
        disabled={!canPromote(state)}
        title={canPromote(state) ? undefined : "Possible once requests reach the candidate"}
      >
        {(close) => (
          <Confirm title={`Promote ${release}`} verb="Promote" run={() => promote(id).then(refresh)} onClose={close}>
            <p>
              The remaining steps and waiting times are skipped: {release} gets all requests now
              {fromRelease && ` and ${fromRelease} is let go`}.
            </p>
            <p className="muted">{release} must still answer through its route, or the rollout is undone.</p>
          </Confirm>
        )}
      </ConfirmButton>
      <ConfirmButton label="Abort" className="danger-text">
        {(close) => (
          <Confirm
            title={`Abort the rollout of ${release}`}
            verb="Abort"
            danger
            run={() => abort(id).then(refresh)}
            onClose={close}
          >
            <p>
              {fromRelease
                ? `All requests go back to ${fromRelease} and ${release} is stopped.`
                : `${release} is stopped. There is no earlier release to serve instead.`}
            </p>
          </Confirm>
        )}
      </ConfirmButton>
    </>
  );
}
