import type { Gap } from "../../../src/contract/scan.ts";
import { noteOf, placeOf, TEAMS } from "../view/repository.ts";
import { CopyButton } from "./copy-button.tsx";

/** What the application lacks, for each team, with the code that would add it. */
export function GapNotes({ gaps }: { gaps: readonly Gap[] }) {
  const teams = (Object.keys(TEAMS) as Gap["to"][]).filter((team) => gaps.some(({ to }) => to === team));
  return teams.map((team) => (
    <div key={team} className="gaps">
      <h3>{TEAMS[team]}</h3>
      <ul>
        {gaps
          .filter(({ to }) => to === team)
          .map((gap) => (
            <li key={`${gap.service} ${gap.id}`} className="sheet gap">
              <GapNote gap={gap} />
            </li>
          ))}
      </ul>
    </div>
  ));
}

function GapNote({ gap }: { gap: Gap }) {
  const { service, title, why, evidence, patch } = gap;
  return (
    <>
      <div className="section-head">
        <p>
          <strong>{service}</strong>: {title}
        </p>
        <CopyButton text={noteOf(gap)} label="Copy note" />
      </div>
      <p className="muted">{why}</p>
      {evidence.length > 0 && (
        <p className="muted">
          Seen at{" "}
          {evidence.map((one, index) => (
            <span key={placeOf(one)}>
              {index > 0 && ", "}
              <code>{placeOf(one)}</code>
            </span>
          ))}
        </p>
      )}
      {patch && (
        <details>
          <summary>
            What to add to {patch.file}
            <span className="hidden"> of {service}</span>
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard. */}
          <section className="log log-text" tabIndex={0} aria-label={`What to add to ${patch.file} of ${service}`}>
            {patch.text}
          </section>
        </details>
      )}
    </>
  );
}
