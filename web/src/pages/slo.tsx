import { useSlo } from "../api/check-queries.ts";
import { Answer } from "../parts/answer.tsx";
import { CheckTabs } from "../parts/check-tabs.tsx";
import { Empty } from "../parts/empty.tsx";
import { Heading } from "../parts/heading.tsx";
import { SloTable } from "../parts/slo-table.tsx";

export function SloPage() {
  const slo = useSlo();
  return (
    <>
      <Heading
        title="Objectives"
        lead="Which share of the runs has to pass, and how much of what may fail is left. Burn says how many times too fast that goes: over 1 h, 6 h and 3 d. Runs that could not be judged and maintenance count on neither side."
      />
      <CheckTabs current="slo" />
      <Answer query={slo}>
        {(objectives) =>
          objectives.length > 0 ? (
            <SloTable objectives={objectives} />
          ) : (
            <Empty title="Nothing is promised">
              A critical service has an objective by itself; others get one with{" "}
              <code>{"slo: { objective: 99.9 }"}</code> in <code>stationmaster.yaml</code>.
            </Empty>
          )
        }
      </Answer>
    </>
  );
}
