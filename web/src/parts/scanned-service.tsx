import { useId } from "react";
import type { ScannedService, ScanReport } from "../../../src/contract/scan.ts";
import { ownFacts } from "../../../src/contract/scan-words.ts";
import { groupFacts } from "../view/repository.ts";
import { FactTable } from "./fact-table.tsx";

/** One service with its facts. */
export function ScannedServicePanel({ service, facts }: { service: ScannedService; facts: ScanReport["facts"] }) {
  const { used, unsure, many } = groupFacts(ownFacts(service.name, facts));
  const id = useId();
  return (
    <article className="scanned" aria-labelledby={id}>
      <h3 id={id}>
        {service.name} <span className="muted">{service.path === "." ? "the whole repository" : service.path}</span>
      </h3>
      <FactTable caption={`Facts of ${service.name}`} facts={used} />
      {[...many, ...(unsure.length > 0 ? [{ label: `${unsure.length} too unsure to use`, facts: unsure }] : [])].map(
        ({ label, facts: own }) => (
          <details key={label} className="folded">
            <summary>
              {label}
              <span className="hidden"> of {service.name}</span>
            </summary>
            <FactTable caption={`${label} of ${service.name}`} facts={own} />
          </details>
        ),
      )}
    </article>
  );
}
