import type { ReactNode } from "react";
import { useId, useLayoutEffect, useRef } from "react";

/** A modal dialog, open as long as it is mounted. The browser keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before the element leaves the document: closing is what returns the focus.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={ref} className="dialog" aria-labelledby={id} onClose={() => !ref.current?.open && onClose()}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
