import type { IncidentSummary } from "../../../src/contract/incident.ts";
import { flagTexts } from "../view/incident-flags.ts";

/** What is true of an incident beside its state; nothing where it is only that. */
export function FlagTags({ incident }: { incident: IncidentSummary }) {
  const texts = flagTexts(incident);
  if (texts.length === 0) return null;
  return (
    <span className="tags">
      {texts.map((text) => (
        <span key={text} className="tag">
          {text}
        </span>
      ))}
    </span>
  );
}
