import { useQueryClient } from "@tanstack/react-query";
import type { Freeze } from "../../../src/contract/hold.ts";
import { liftFreeze } from "../api/actions.ts";
import { moment } from "../view/format.ts";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { Time } from "./time.tsx";

const COLUMNS: readonly Column<Freeze>[] = [
  { label: "Why", cell: ({ reason }) => <span className="wrap">{reason}</span> },
  { label: "Who", cell: ({ who }) => who },
  { label: "Ordered", cell: ({ from }) => <Time at={from} /> },
  { label: "Until", cell: ({ until }) => (until === null ? "somebody lifts it" : moment(until)) },
  { label: "Action", cell: (freeze) => <LiftButton freeze={freeze} /> },
];

export function FreezeTable({ freezes }: { freezes: readonly Freeze[] }) {
  return <DataTable caption="Freezes" columns={COLUMNS} rows={freezes} keyOf={({ id }) => id} />;
}

function LiftButton({ freeze: { id, reason, who } }: { freeze: Freeze }) {
  const client = useQueryClient();
  return (
    <ConfirmButton label="Lift" className="small" title={`Lift the freeze of ${who}`}>
      {(close) => (
        <Confirm
          title="Lift this freeze"
          verb="Lift"
          danger
          run={() => liftFreeze(id).then(() => client.invalidateQueries({ queryKey: ["status"] }))}
          onClose={close}
        >
          <p>
            {who} ordered it: {reason}
          </p>
          <p className="muted">A queued deployment begins as soon as nothing else closes the environment.</p>
        </Confirm>
      )}
    </ConfirmButton>
  );
}
