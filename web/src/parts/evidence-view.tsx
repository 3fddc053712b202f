import type { Evidence } from "../../../src/contract/incident.ts";
import { figuresOf } from "../view/evidence.ts";
import { plural } from "../view/format.ts";
import { LogLines } from "./log-lines.tsx";
import { Payload } from "./payload.tsx";
import { Time } from "./time.tsx";

/** What was collected before the first action. */
export function EvidenceView({ evidence }: { evidence: Evidence }) {
  const { logs, changes, missing } = evidence;
  const figures = figuresOf(evidence.metrics);
  return (
    <div className="evidence">
      {missing.length > 0 && <p className="muted">Could not be collected: {missing.join(", ")}</p>}
      <div className="evidence-columns">
        <div>
          <h3>Figures</h3>
          {Object.keys(figures).length > 0 ? <Payload facts={figures} /> : <p className="muted">None.</p>}
        </div>
        <div>
          <h3>Recent changes</h3>
          {changes.length === 0 && <p className="muted">None.</p>}
          <ul className="changes">
            {changes.map((change) => (
              <li key={`${change.at} ${change.text}`}>
                {change.text}{" "}
                <span className="muted">
                  <Time at={change.at} />
                </span>
              </li>
            ))}
          </ul>
        </div>
      </div>
      <h3>{logs.length > 1 ? `Last ${plural(logs.length, "log line")}` : "Last log line"}</h3>
      {logs.length > 0 ? (
        <LogLines label="Log lines before the incident" lines={logs} />
      ) : (
        <p className="muted">None.</p>
      )}
    </div>
  );
}
