import type { Tone } from "../view/states.ts";
import { Icon } from "./icon.tsx";

/** A state as icon and word. */
export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className="badge" data-tone={tone}>
      <Icon tone={tone} />
      {children}
    </span>
  );
}
