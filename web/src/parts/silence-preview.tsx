import type { UseQueryResult } from "@tanstack/react-query";
import type { SilenceAnswer } from "../../../src/contract/silence.ts";
import { toFailure } from "../api/failure.ts";
import { moment } from "../view/format.ts";
import { matcherText } from "../view/silences.ts";
import { CheckNames } from "./silence-table.tsx";

/** Which checks will be silent, or why there can be no such silence. */
export function SilencePreview({ preview }: { preview: UseQueryResult<SilenceAnswer | null> }) {
  const { data, error } = preview;
  return (
    <div role="status" className="preview">
      {error && <p className="problem">{problemOf(error)}</p>}
      {data && !error && (
        <>
          <p>
            Silences <strong>{matcherText(data.silence.matcher)}</strong>
            {data.silence.nextAt && `, next ${moment(data.silence.nextAt)}`}
            {data.silence.until && `, until ${moment(data.silence.until)}`}.
          </p>
          {data.silence.checks.length > 0 && <CheckNames checks={data.silence.checks} />}
          {data.warnings.map((warning) => (
            <p key={warning} className="problem">
              {warning}
            </p>
          ))}
        </>
      )}
    </div>
  );
}

function problemOf(error: unknown): string {
  const { message, next } = toFailure(error);
  return next ? `${message}; ${next}` : message;
}
