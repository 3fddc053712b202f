import type { IncidentEvent } from "../../../src/contract/incident.ts";
import { words } from "../view/states.ts";
import { Payload } from "./payload.tsx";
import { Clock, Time } from "./time.tsx";

/** What happened in an incident, oldest first. */
export function Timeline({ events }: { events: readonly IncidentEvent[] }) {
  return (
    <ol className="timeline">
      {events.map((event) => (
        <li key={event.seq} data-kind={event.kind}>
          <Clock at={event.at} />
          <div>
            <p>
              <strong>{words(event.kind)}</strong> {event.text}
            </p>
            {Object.keys(event.data).length > 0 && (
              <details>
                <summary>
                  Details<span className="hidden"> of event {event.seq}</span>
                </summary>
                <Payload facts={event.data} />
              </details>
            )}
          </div>
          <span className="muted timeline-age">
            <Time at={event.at} />
          </span>
        </li>
      ))}
    </ol>
  );
}
