import type { Notification } from "../../../src/contract/notification.ts";
import { clock } from "../view/format.ts";
import { TOLD_TONE, words } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { Time } from "./time.tsx";

const COLUMNS: readonly Column<Notification>[] = [
  { label: "Channel", cell: ({ channel }) => <span className="nowrap">{channel}</span> },
  { label: "What", cell: ({ kind }) => words(kind) },
  { label: "State", cell: ({ state }) => <Badge tone={TOLD_TONE[state]}>{STATE_NAME[state]}</Badge> },
  { label: "When", cell: ({ deliveredAt, createdAt }) => <Time at={deliveredAt ?? createdAt} /> },
  {
    label: "Note",
    cell: (message) => {
      const note = noteOf(message);
      return note && <span className="wrap">{note}</span>;
    },
  },
];

const STATE_NAME: Record<Notification["state"], string> = {
  pending: "on its way",
  delivered: "delivered",
  dead: "given up",
  skipped: "not needed",
};

function noteOf({ toldWith, error, state, nextAt, attempts }: Notification): string {
  if (toldWith !== null) return "together with another message";
  const again = state === "pending" && nextAt ? `${attempts > 0 ? "again" : "due"} at ${clock(nextAt)}` : "";
  return [error, again].filter(Boolean).join("; ");
}

interface Props {
  caption: string;
  messages: readonly Notification[];
  /** In front of the others, where the messages are of several incidents. */
  first?: Column<Notification>;
}

/** Who was told, and whether it got there. */
export function ToldTable({ caption, messages, first }: Props) {
  return (
    <DataTable
      caption={caption}
      columns={first ? [first, ...COLUMNS] : COLUMNS}
      rows={messages}
      keyOf={({ id }) => id}
    />
  );
}
