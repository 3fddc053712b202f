import { restart } from "../api/actions.ts";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";

/** Restarts every replica of a service after a confirmation. */
export function RestartButton({ service, replicas }: { service: string; replicas: number }) {
  return (
    <ConfirmButton label="Restart">
      {(close) => (
        <Confirm
          title={`Restart ${service}`}
          verb={`Restart ${service}`}
          danger
          run={() => restart(service)}
          onClose={close}
        >
          <p>
            {replicas > 1 ? `The ${replicas} replicas are replaced one after another` : "The replica is replaced"}: a
            fresh one of the same release starts, takes over once it is healthy, and the old one stops.
          </p>
          <p className="muted">
            The restart is recorded in the audit. It does not count against the restarts that healing may use.
          </p>
        </Confirm>
      )}
    </ConfirmButton>
  );
}
