import type { Phases } from "../../../src/contract/check.ts";
import { latency } from "../view/format.ts";
import { phaseParts } from "../view/phases.ts";

/** Where the time of one run went, as a stacked bar with its figures below. */
export function PhaseBar({ phases }: { phases: Phases }) {
  const parts = phaseParts(phases);
  if (parts.length === 0) return null;
  return (
    <div className="phases">
      <div className="phase-bar" aria-hidden="true">
        {parts.map(({ name, share }) => (
          <span key={name} data-phase={name} style={{ flexGrow: share }} />
        ))}
      </div>
      <dl className="phase-legend">
        {parts.map(({ name, label, ms }) => (
          <div key={name} data-phase={name}>
            <dt>{label}</dt>
            <dd className="num">{latency(ms)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
