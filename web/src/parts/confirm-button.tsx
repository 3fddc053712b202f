import type { ReactNode } from "react";
import { useState } from "react";

interface Props {
  label: string;
  className?: string;
  disabled?: boolean;
  /** Why it is disabled, or what it does. */
  title?: string;
  children: (close: () => void) => ReactNode;
}

/** A button that opens a dialog; the dialog gets the function that closes it. */
export function ConfirmButton({ label, className = "", disabled = false, title, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={`button ${className}`}
        disabled={disabled}
        title={title}
        onClick={() => setOpen(true)}
      >
        {label}
      </button>
      {open && children(() => setOpen(false))}
    </>
  );
}
