import type { IncidentEvent } from "../../../src/contract/incident.ts";
import { words } from "../view/states.ts";
import { Payload } from "./payload.tsx";
import { Clock, Time } from "./time.tsx";

/** The text without the word that stands before it anyway. */
function afterKind({ kind, text }: IncidentEvent): string {
  return text.startsWith(kind) ? text.slice(kind.length).replace(/^[\s,:]+/, "") || text : text;
}

/** What happened in an incident, oldest first. Evidence has a section of its own on the page. */
export function Timeline({ events }: { events: readonly IncidentEvent[] }) {
  return (
    <ol className="timeline">
      {events.map((event) => (
        <li key={event.seq} data-kind={event.kind}>
          <Clock at={event.at} />
          <div>
            <p>
              <strong>{words(event.kind)}</strong> {afterKind(event)}
            </p>
            {Object.keys(event.data).length > 0 && event.kind !== "evidence" && (
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
