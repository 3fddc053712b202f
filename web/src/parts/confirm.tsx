import type { ReactNode } from "react";
import { useRef, useState } from "react";
import { Dialog } from "./dialog.tsx";
import { FailureNote } from "./failure-note.tsx";

interface Props {
  title: string;
  /** The word on the button that does it. */
  verb: string;
  danger?: boolean;
  /** False while what is to be confirmed is not yet known. */
  ready?: boolean;
  run: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before it acts. Runs once however often the button is pressed; stays open with the reason when it fails. */
export function Confirm({ title, verb, danger = false, ready = true, run, onClose, children }: Props) {
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  async function confirm() {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setFailure(null);
    try {
      await run();
      onClose();
    } catch (error) {
      setFailure(error);
    } finally {
      running.current = false;
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <div className="dialog-body">{children}</div>
      {failure !== null && <FailureNote error={failure} />}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className={danger ? "button danger" : "button primary"}
          disabled={!ready || busy}
          onClick={() => void confirm()}
        >
          {busy ? "Sending…" : verb}
        </button>
      </div>
    </Dialog>
  );
}
