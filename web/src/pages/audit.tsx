import { useState } from "react";
import type { AuditEntry } from "../../../src/contract/status.ts";
import { useAudit, useAuditVerdict } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { AuditVerdictNote } from "../parts/audit-verdict.tsx";
import type { Column } from "../parts/data-table.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Empty } from "../parts/empty.tsx";
import { Heading } from "../parts/heading.tsx";
import { Time } from "../parts/time.tsx";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { plain } from "../view/format.ts";

const STEP = 100;

const COLUMNS: readonly Column<AuditEntry>[] = [
  { label: "No.", numeric: true, minor: true, cell: (entry) => entry.seq },
  { label: "When", cell: (entry) => <Time at={entry.at} /> },
  { label: "Who", cell: (entry) => entry.actor },
  { label: "Did", cell: (entry) => entry.action },
  { label: "To", cell: (entry) => <Subject name={entry.subject} /> },
  { label: "Detail", minor: true, cell: (entry) => detailOf(entry.detail) },
];

/** What was acted on; a rollout or an incident leads to its page. */
function Subject({ name }: { name: string }) {
  const text = <code className="nowrap">{name}</code>;
  if (name.startsWith("ro-")) return <Link href={to.rollout(name)}>{text}</Link>;
  return name.startsWith("inc-") ? <Link href={to.incident(name)}>{text}</Link> : text;
}

function detailOf(detail: AuditEntry["detail"]): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => (name === "text" ? plain(value) : `${name}: ${plain(value)}`))
    .join(" · ");
}

export function AuditPage() {
  const [limit, setLimit] = useState(STEP);
  const audit = useAudit(limit);
  const verdict = useAuditVerdict();
  return (
    <>
      <Heading
        title="Audit"
        lead="Everything that was done, by whom. Each entry seals the one before it, so a changed one shows."
        actions={
          <button type="button" className="button" disabled={verdict.isFetching} onClick={() => void verdict.refetch()}>
            {verdict.isFetching ? "Verifying…" : "Verify"}
          </button>
        }
      />
      <AuditVerdictNote verdict={verdict} />
      <Answer query={audit}>
        {(entries) =>
          entries.length > 0 ? (
            <>
              <DataTable
                caption="Audit entries, newest first"
                columns={COLUMNS}
                rows={[...entries].sort((a, b) => b.seq - a.seq)}
                keyOf={(entry) => entry.seq}
              />
              {entries.length >= limit && (
                <button type="button" className="button" onClick={() => setLimit(limit + STEP)}>
                  Show older entries
                </button>
              )}
            </>
          ) : (
            <Empty title="Nothing recorded yet">The first deploy or remedy appears here.</Empty>
          )
        }
      </Answer>
    </>
  );
}
