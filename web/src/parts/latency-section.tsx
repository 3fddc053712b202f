import { useState } from "react";
import { type Check, SeriesWindow } from "../../../src/contract/check.ts";
import { useSeries } from "../api/queries.ts";
import { Answer } from "./answer.tsx";
import { Empty } from "./empty.tsx";
import { LatencyChart } from "./latency-chart.tsx";
import { Section } from "./section.tsx";

/** Latency of one check over a window that the reader chooses. */
export function LatencySection({ check }: { check: Check }) {
  const [window, setWindow] = useState<SeriesWindow>("1h");
  const series = useSeries(check.id, window);
  return (
    <Section
      title="Latency"
      aside={
        <span className="section-aside">
          <code className="muted">{check.id}</code>
          <fieldset className="segmented">
            <legend className="hidden">Window</legend>
            {SeriesWindow.options.map((value) => (
              <button
                key={value}
                type="button"
                className="button small"
                aria-pressed={value === window}
                onClick={() => setWindow(value)}
              >
                {value.replace(/(\d+)/, "$1 ")}
              </button>
            ))}
          </fieldset>
        </span>
      }
    >
      <Answer query={series}>
        {(data) =>
          data.points.some((point) => point.p95 !== null) ? (
            <LatencyChart series={data} />
          ) : (
            <Empty title="No measurements in this window">The first appear a minute after the check began.</Empty>
          )
        }
      </Answer>
    </Section>
  );
}
