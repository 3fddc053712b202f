import { evidenceText, type JudgeNote } from "../../../src/contract/judgement.ts";
import type { TrafficView } from "../../../src/contract/rollout.ts";
import { seriesOf } from "../view/evidence-series.ts";
import { type Column, DataTable } from "./data-table.tsx";
import { EvidenceChart } from "./evidence-chart.tsx";
import { Section } from "./section.tsx";

type Held = NonNullable<TrafficView["analysis"]>[number];

const COLUMNS: readonly Column<Held>[] = [
  { label: "What", cell: ({ metric }) => metric },
  { label: "Evidence", numeric: true, cell: ({ evidence }) => evidenceText(evidence) },
  { label: "Fails at", numeric: true, cell: ({ needed }) => evidenceText(needed) },
  { label: "New release", numeric: true, cell: ({ candidate }) => side(candidate) },
  { label: "Old beside it", numeric: true, cell: ({ baseline }) => side(baseline) },
];

interface Props {
  readings: readonly JudgeNote[];
  services: readonly TrafficView[];
}

/** What the judge holds against the new release: over time as far as that was recorded or seen here, and now. */
export function EvidenceSection({ readings, services }: Props) {
  const series = seriesOf(readings);
  const held = services.filter(({ analysis }) => analysis && analysis.length > 0);
  const names = [...new Set([...series.map(({ service }) => service), ...held.map(({ service }) => service)])];
  if (names.length === 0) return null;
  return (
    <Section title="Evidence of the judge">
      <p className="muted">
        Of releases that are no worse, at most one in ten ever reaches an e-value of 10, one in 300 an e-value of 300.
        Lines show what was recorded, or read while this page was open.
      </p>
      {names.map((name) => {
        const line = series.find(({ service }) => service === name);
        const { analysis = [] } = held.find(({ service }) => service === name) ?? {};
        return (
          <div key={name} className="evidence">
            <h3>{name}</h3>
            {line && <EvidenceChart series={line} />}
            {analysis.length > 0 && (
              <DataTable
                caption={`What the judge holds of ${name} now`}
                columns={COLUMNS}
                rows={analysis}
                keyOf={({ metric }) => metric}
              />
            )}
          </div>
        );
      })}
    </Section>
  );
}

function side({ bad, requests }: Held["candidate"]): string {
  return `${bad.toLocaleString("en-US")} bad of ${requests.toLocaleString("en-US")}`;
}
