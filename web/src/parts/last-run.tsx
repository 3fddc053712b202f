import type { CheckResult } from "../../../src/contract/check.ts";
import { latency, moment } from "../view/format.ts";
import { OUTCOME_TONE } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { Fact, Facts } from "./facts.tsx";
import { PhaseBar } from "./phase-bar.tsx";
import { Section } from "./section.tsx";
import { Time } from "./time.tsx";

/** What the last run of a check found, and where its time went. */
export function LastRun({ result }: { result: CheckResult }) {
  const { at, outcome, class: name, detail, durationMs, kind, phases, facts } = result;
  // When a heartbeat is due stands as a time where its calls are shown.
  const shown = Object.entries(facts).filter(([fact]) => fact !== "dueSeconds");
  return (
    <Section title="Last run">
      <p>
        <Badge tone={OUTCOME_TONE[outcome]}>{outcome}</Badge> {name && <code>{name}</code>} {detail}{" "}
        <span className="muted">
          {latency(durationMs)}, {kind}, <Time at={at} />
        </span>
      </p>
      {phases && <PhaseBar phases={phases} />}
      {shown.length > 0 && (
        <Facts>
          {shown.map(([fact, value]) => (
            <Fact key={fact} label={fact}>
              <span className="num">{fact === "notAfter" ? moment(new Date(value * 1_000).toISOString()) : value}</span>
            </Fact>
          ))}
        </Facts>
      )}
    </Section>
  );
}
