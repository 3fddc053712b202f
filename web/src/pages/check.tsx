import type { Check } from "../../../src/contract/check.ts";
import { useCheck, useCheckIncidents, useResults } from "../api/check-queries.ts";
import { Answer } from "../parts/answer.tsx";
import { Badge } from "../parts/badge.tsx";
import { CheckFacts } from "../parts/check-facts.tsx";
import { Elapsed } from "../parts/elapsed.tsx";
import { Empty } from "../parts/empty.tsx";
import { Folded } from "../parts/folded.tsx";
import { Heading } from "../parts/heading.tsx";
import { HeartbeatSection } from "../parts/heartbeat-section.tsx";
import { IncidentList } from "../parts/incident-list.tsx";
import { LastRun } from "../parts/last-run.tsx";
import { LatencySection } from "../parts/latency-section.tsx";
import { ResultTable } from "../parts/result-table.tsx";
import { RunCheckButton, RunCheckNote, useRunCheck } from "../parts/run-check.tsx";
import { Section } from "../parts/section.tsx";
import { UptimeBar } from "../parts/uptime-bar.tsx";
import { isTimed, noIncidentText } from "../view/checks.ts";
import { plural } from "../view/format.ts";
import { VERDICT_TONE, words } from "../view/states.ts";

export function CheckPage({ id }: { id: string }) {
  const check = useCheck(id);
  return (
    <Answer query={check} title={id}>
      {(data) => <CheckView check={data} />}
    </Answer>
  );
}

function CheckView({ check }: { check: Check }) {
  const { id, verdict, since, lastResult, type } = check;
  const run = useRunCheck(id);
  const results = useResults(id);
  const incidents = useCheckIncidents(id);
  return (
    <>
      <Heading
        title={id}
        lead={
          <>
            <Badge tone={VERDICT_TONE[verdict]}>{words(verdict)}</Badge>{" "}
            {since && (
              <>
                for <Elapsed from={since} until={null} />
              </>
            )}
          </>
        }
        actions={<RunCheckButton run={run} />}
      />
      <RunCheckNote run={run} />
      <CheckFacts check={check} />
      {lastResult && <LastRun result={lastResult} />}
      {type === "heartbeat" && <HeartbeatSection check={id} />}
      <UptimeBar check={check} />
      {isTimed(check) && <LatencySection check={check} />}
      <Section title="Incidents">
        <Answer query={incidents}>
          {(data) =>
            data.length > 0 ? (
              <IncidentList incidents={data} />
            ) : (
              <Empty title="No incident so far">{noIncidentText(check)}</Empty>
            )
          }
        </Answer>
      </Section>
      <Section title="Single runs">
        <Answer query={results}>
          {(data) =>
            data.length > 0 ? (
              <Folded label={plural(data.length, "run")}>
                <ResultTable results={data} />
              </Folded>
            ) : (
              <Empty title="None is kept">
                Runs that fail are kept for 48 hours, and those around a change of the verdict.
              </Empty>
            )
          }
        </Answer>
      </Section>
    </>
  );
}
