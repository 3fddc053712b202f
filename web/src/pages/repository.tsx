import type { RepositoryView } from "../../../src/contract/repository.ts";
import { useRepository } from "../api/repository-queries.ts";
import { Answer } from "../parts/answer.tsx";
import { ConflictTable } from "../parts/conflict-table.tsx";
import { Empty } from "../parts/empty.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { FilePlan } from "../parts/file-plan.tsx";
import { FindingTable } from "../parts/finding-table.tsx";
import { GapNotes } from "../parts/gap-notes.tsx";
import { Heading } from "../parts/heading.tsx";
import { RequirementTable } from "../parts/requirement-table.tsx";
import { ScannedServicePanel } from "../parts/scanned-service.tsx";
import { Section } from "../parts/section.tsx";
import { Time } from "../parts/time.tsx";
import { duration, plural } from "../view/format.ts";
import { findingsInWords, openFindings } from "../view/repository.ts";

export function RepositoryPage() {
  const { query, lookAgain } = useRepository();
  return (
    <>
      <Heading
        title="Repository"
        lead="What the files say, where they say it, and what stationmaster generate would write. This page writes nothing."
        actions={
          <button type="button" className="button" disabled={query.isFetching} onClick={lookAgain}>
            {query.isFetching ? "Looking…" : "Look again"}
          </button>
        }
      />
      {query.data && query.error && <FailureNote error={query.error} />}
      <Answer query={query}>{(view) => <Repository view={view} />}</Answer>
    </>
  );
}

function Repository({ view }: { view: RepositoryView }) {
  const { scan, generate, findings } = view;
  return (
    <>
      <Summary view={view} />
      {scan.services.length === 0 && (
        <Empty title="Nothing looks like a service">
          <code>stationmaster scan</code> says what was looked for and what almost was one.
        </Empty>
      )}
      {scan.conflicts.length > 0 && (
        <Section title="Files that say different things">
          <ConflictTable conflicts={scan.conflicts} />
        </Section>
      )}
      {scan.services.length > 0 && (
        <Section title="Services and facts">
          {scan.services.map((service) => (
            <ScannedServicePanel key={service.name} service={service} facts={scan.facts} />
          ))}
        </Section>
      )}
      {scan.requirements.length > 0 && (
        <Section title="What the specification asks for">
          <RequirementTable requirements={scan.requirements} />
        </Section>
      )}
      {scan.gaps.length > 0 && (
        <Section title="What is missing">
          <GapNotes gaps={scan.gaps} />
        </Section>
      )}
      {generate.files.length > 0 && (
        <Section title="What generate would write" aside={<code>stationmaster generate --diff</code>}>
          <FilePlan report={generate} />
          <Lines title="Assumed" lines={view.assumptions} />
        </Section>
      )}
      <Section title="What check says" aside={<code>stationmaster check</code>}>
        {openFindings(findings).length > 0 ? (
          <>
            <p>{findingsInWords(findings)}.</p>
            <FindingTable findings={findings} />
          </>
        ) : (
          <p>Nothing found{findings.length > 0 && `: ${findingsInWords(findings)}`}.</p>
        )}
      </Section>
      <Lines
        title="Not understood or not readable"
        lines={[
          ...scan.notUnderstood.map(({ file, line, text }) => `${file}:${line} ${text}`),
          ...scan.warnings.map(({ file, line, message }) => [file, line, message].filter(Boolean).join(": ")),
        ]}
      />
    </>
  );
}

function Summary({ view: { scan, target, lookedAt, tookMs } }: { view: RepositoryView }) {
  const inUse = [...new Set(scan.platforms.map(({ id }) => id))];
  return (
    <p>
      {plural(scan.services.length, "service")} in <code>{scan.root}</code>, written for {target}.
      {inUse.length > 0 && ` It has files of ${inUse.join(", ")}.`}{" "}
      <span className="muted">
        Looked <Time at={lookedAt} />, in {duration(tookMs)}.
      </span>
    </p>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <details>
      <summary>{`${title}: ${plural(lines.length, "line")}`}</summary>
      <ul className="repository-lines">
        {[...new Set(lines)].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  );
}
