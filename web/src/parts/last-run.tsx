import type { CheckResult } from "../../../src/contract/check.ts";
import { factTexts } from "../../../src/contract/fact.ts";
import { bytes, duration, latency, moment, sentence } from "../view/format.ts";
import { OUTCOME_TONE } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { Fact, Facts } from "./facts.tsx";
import { PhaseBar } from "./phase-bar.tsx";
import { Section } from "./section.tsx";
import { Time } from "./time.tsx";

/** What the last run of a check found, and where its time went. */
export function LastRun({ result }: { result: CheckResult }) {
  const { at, outcome, class: name, detail, durationMs, kind, phases, facts } = result;
  const shown = factTexts(facts, { duration, bytes, moment });
  return (
    <Section title="Last run">
      <p>
        <Badge tone={OUTCOME_TONE[outcome]}>{outcome}</Badge> {name && name !== outcome && <code>{name}</code>} {detail}{" "}
        <span className="muted">
          {latency(durationMs)}, {kind}, <Time at={at} />
        </span>
      </p>
      {phases && <PhaseBar phases={phases} />}
      {shown.length > 0 && (
        <Facts>
          {shown.map(([label, text]) => (
            <Fact key={label} label={sentence(label)}>
              <span className="num">{text}</span>
            </Fact>
          ))}
        </Facts>
      )}
    </Section>
  );
}
