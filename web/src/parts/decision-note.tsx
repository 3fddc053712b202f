import type { ReactNode } from "react";
import type { Decision } from "../view/decision.ts";
import { Icon } from "./icon.tsx";

/** What was decided about a rollout, why, and what to do next; `children` are what a person can do. */
export function DecisionNote({ decision, children }: { decision: Decision; children?: ReactNode }) {
  const { tone, what, why, next } = decision;
  return (
    <section className="note decision" data-tone={tone} aria-label="Decision">
      <Icon tone={tone} />
      <p>
        <strong>{what}</strong>
        {why && `: ${why}`}. {next && <span className="muted">Next: {next}.</span>}
      </p>
      {children && <div className="actions">{children}</div>}
    </section>
  );
}
