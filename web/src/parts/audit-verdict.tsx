import type { UseQueryResult } from "@tanstack/react-query";
import type { AuditVerdict } from "../../../src/contract/status.ts";
import { plural } from "../view/format.ts";
import { FailureNote } from "./failure-note.tsx";
import { Icon } from "./icon.tsx";
import { Time } from "./time.tsx";

/** What a check of the audit's chain found; nothing before the first one. */
export function AuditVerdictNote({ verdict }: { verdict: UseQueryResult<AuditVerdict> }) {
  const { data, error, dataUpdatedAt } = verdict;
  const tone = data?.intact ? "ok" : "bad";
  return (
    <div role="status" className="live">
      {error && <FailureNote error={error} />}
      {data && !error && (
        <div className="note" data-tone={tone}>
          <Icon tone={tone} />
          <div>
            <p>
              {data.intact
                ? `The chain is intact: ${plural(data.entries, "entry", "entries")} verified`
                : `The chain is broken${data.brokenAt === null ? "" : ` at entry ${data.brokenAt}`}: ${data.why}`}{" "}
              <span className="muted">
                (<Time at={new Date(dataUpdatedAt).toISOString()} />)
              </span>
            </p>
            {!data.intact && <p>Compare with a backup: somebody or something changed the audit.</p>}
            {data.head && (
              <p className="muted">
                Hash of the last entry, to keep elsewhere: it shows when the end is cut off. <code>{data.head}</code>
              </p>
            )}
          </div>
        </div>
      )}
    </div>
  );
}
