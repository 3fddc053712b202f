import type { TrafficView } from "../../../src/contract/rollout.ts";
import { plural } from "../view/format.ts";
import { HostWeights } from "./host-weights.tsx";

/** Which release gets which share of each service's requests. */
export function TrafficBars({ services, hosts }: { services: readonly TrafficView[]; hosts: readonly string[] }) {
  return (
    <ul className="traffic">
      {services.map((service) => (
        <TrafficBar key={service.service} view={service} hosts={hosts} />
      ))}
    </ul>
  );
}

function TrafficBar({ view, hosts }: { view: TrafficView; hosts: readonly string[] }) {
  const candidate = Math.min(100, Math.max(0, view.candidateShare));
  return (
    <li>
      <h3>{view.service}</h3>
      <div className="share" aria-hidden="true">
        <div className="share-stable" style={{ flexGrow: 100 - candidate }} />
        <div className="share-candidate" style={{ flexGrow: candidate }} />
      </div>
      <div className="share-legend">
        <Side side="stable" release={view.stableRelease} share={100 - candidate} counts={view.stable} />
        {view.candidateRelease !== null && (
          <Side side="candidate" release={view.candidateRelease} share={candidate} counts={view.candidate} />
        )}
      </div>
      {view.hosts && hosts.length > 1 && <HostWeights service={view.service} weights={view.hosts} hosts={hosts} />}
    </li>
  );
}

interface SideProps {
  side: "stable" | "candidate";
  release: string | null;
  share: number;
  counts: TrafficView["stable"];
}

function Side({ side, release, share, counts }: SideProps) {
  return (
    <p className="num">
      <span className={`swatch share-${side}`} aria-hidden="true" />
      {side} <span className="release">{release ?? "none"}</span> <strong>{Number(share.toFixed(1))} %</strong>
      <span className="muted">
        {" "}
        · {plural(counts.requests, "request")}, {plural(counts.errors, "error")}, {counts.inflight} in flight
      </span>
    </p>
  );
}
