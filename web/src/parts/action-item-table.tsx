import { useQueryClient } from "@tanstack/react-query";
import type { ActionItem } from "../../../src/contract/report.ts";
import { finishActionItem } from "../api/report-queries.ts";
import { useNow } from "../clock.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { Badge } from "./badge.tsx";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { IssueLink } from "./issue-link.tsx";
import { NameField } from "./name-field.tsx";

const INCIDENT: Column<ActionItem> = {
  label: "Incident",
  cell: ({ incident }) => <Link href={to.incident(incident)}>{incident}</Link>,
};
const COLUMNS: readonly Column<ActionItem>[] = [
  { label: "What", cell: ({ text }) => <span className="wrap">{text}</span> },
  { label: "Owner", cell: ({ owner }) => owner },
  { label: "Due", cell: ({ due }) => <span className="nowrap num">{due}</span> },
  { label: "State", cell: (item) => <ItemState item={item} /> },
  { label: "Issue", cell: ({ issue }) => <IssueLink issue={issue} /> },
  { label: "Action", cell: (item) => (item.doneAt === null ? <DoneButton item={item} /> : null) },
];

/** What is left to do after incidents, and what was done. */
export function ActionItemTable({
  items,
  withIncident = false,
}: {
  items: readonly ActionItem[];
  withIncident?: boolean;
}) {
  const columns = withIncident ? [INCIDENT, ...COLUMNS] : COLUMNS;
  return <DataTable caption="Action items" columns={columns} rows={items} keyOf={({ id }) => id} />;
}

function ItemState({ item: { doneAt, doneBy, due } }: { item: ActionItem }) {
  const now = useNow();
  if (doneAt !== null) return <Badge tone="ok">{`done by ${doneBy}`}</Badge>;
  // The whole day it is due counts.
  const isOverdue = due < new Date(now).toISOString().slice(0, 10);
  return isOverdue ? <Badge tone="bad">overdue</Badge> : <Badge tone="idle">to do</Badge>;
}

function DoneButton({ item: { id, text, owner } }: { item: ActionItem }) {
  const client = useQueryClient();
  return (
    <ConfirmButton label="Done" className="small" title={`Done: ${text}`}>
      {(close) => (
        <Confirm
          title="Say that it is done"
          verb="It is done"
          run={() => finishActionItem(id).then(() => client.invalidateQueries({ queryKey: ["action-items"] }))}
          onClose={close}
        >
          <p>
            {owner}: {text}
          </p>
          <NameField />
        </Confirm>
      )}
    </ConfirmButton>
  );
}
