import { powerCell, powerSentence, riseName } from "../../../src/contract/power.ts";
import type { PowerTable as Power } from "../../../src/contract/rollout.ts";
import { duration } from "../view/format.ts";
import { DataTable } from "./data-table.tsx";

/** What a canary would see with the service's own traffic: rises of the error rate as columns, and the same in words. */
export function PowerTable({ power }: { power: Power }) {
  const { service, rows, withinSeconds } = power;
  const columns = rows.map((row) => ({ label: riseName(row), cell: () => powerCell(row), numeric: true }));
  return (
    <div className="power">
      <h3>{service}</h3>
      <p>{powerSentence(power, duration)}</p>
      {rows.length > 0 && (
        <>
          <DataTable
            caption={`Rises of errors that the canary of ${service} sees`}
            columns={columns}
            rows={[power]}
            keyOf={() => service}
          />
          <p className="muted">
            Share of rollouts in which the rise is seen within {duration(withinSeconds * 1_000)}, if not all; median
            time (errors by then).
          </p>
        </>
      )}
    </div>
  );
}
