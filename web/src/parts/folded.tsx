import type { ReactNode } from "react";
import { useNarrow } from "../use-media.ts";

/** On a narrow screen behind a line that opens it; on a wide one shown as it is. */
export function Folded({ label, children }: { label: string; children: ReactNode }) {
  if (!useNarrow()) return children;
  return (
    <details className="folded">
      <summary>{label}</summary>
      {children}
    </details>
  );
}
