import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Lock } from "../../../src/contract/hold.ts";
import { lock as lockIt, unlock } from "../api/actions.ts";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";
import { Icon } from "./icon.tsx";
import { NameField } from "./name-field.tsx";
import { ReasonField } from "./reason-field.tsx";
import { Section } from "./section.tsx";
import { Time } from "./time.tsx";

/** A person's lock: who holds it and why, or the way to take it. */
export function LockSection({ environment, lock }: { environment: string; lock: Lock | undefined }) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["status"] });
  if (!lock)
    return (
      <Section
        title="Lock"
        aside={
          <ConfirmButton label="Lock" className="small">
            {(close) => <LockDialog environment={environment} done={refresh} onClose={close} />}
          </ConfirmButton>
        }
      >
        <p className="muted">Nobody has locked it.</p>
      </Section>
    );
  return (
    <Section
      title="Lock"
      aside={
        <ConfirmButton label="Unlock" className="small">
          {(close) => (
            <Confirm
              title={`Unlock ${environment}`}
              verb="Unlock"
              danger
              run={() => unlock().then(refresh)}
              onClose={close}
            >
              <p>
                {lock.holder} locked it: {lock.reason}
              </p>
              <p className="muted">Deployments and rollbacks are possible again at once.</p>
            </Confirm>
          )}
        </ConfirmButton>
      }
    >
      <div className="note" data-tone="warn">
        <Icon tone="warn" />
        <p>
          Locked by <strong>{lock.holder}</strong>: {lock.reason}
        </p>
        <span className="note-aside muted">
          <Time at={lock.since} />
        </span>
      </div>
    </Section>
  );
}

interface DialogProps {
  environment: string;
  done: () => Promise<void>;
  onClose: () => void;
}

function LockDialog({ environment, done, onClose }: DialogProps) {
  const [reason, setReason] = useState("");
  return (
    <Confirm
      title={`Lock ${environment}`}
      verb="Lock"
      ready={reason.trim() !== ""}
      run={() => lockIt(reason.trim()).then(done)}
      onClose={onClose}
    >
      <p>No rollout and no restart begins until somebody unlocks it; a lock has no end.</p>
      <ReasonField value={reason} onChange={setReason} />
      <NameField />
    </Confirm>
  );
}
