import type { Preview } from "../../../src/contract/preview.ts";
import { commitName, hostName, moment } from "../view/format.ts";
import { ordersFor, sourceOf, standingOf } from "../view/previews.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { PreviewOrder } from "./preview-order.tsx";
import { Time } from "./time.tsx";

const COLUMNS: readonly Column<Preview>[] = [
  { label: "Name", cell: (preview) => <Name preview={preview} /> },
  { label: "State", cell: (preview) => <Standing preview={preview} /> },
  { label: "Of", cell: (preview) => <Source preview={preview} /> },
  { label: "Made", cell: ({ createdAt }) => <Time at={createdAt} /> },
  { label: "Used", cell: ({ usedAt }) => <Time at={usedAt} /> },
  { label: "Host", minor: true, cell: ({ host }) => hostName(host) },
  {
    label: "Action",
    cell: (preview) => {
      const orders = ordersFor(preview);
      if (orders.length === 0) return null;
      return (
        <div className="actions">
          {orders.map((order) => (
            <PreviewOrder key={order} preview={preview} order={order} />
          ))}
        </div>
      );
    },
  },
];

export function PreviewTable({ previews }: { previews: readonly Preview[] }) {
  return <DataTable caption="Previews" columns={COLUMNS} rows={previews} keyOf={({ name }) => name} />;
}

function Name({ preview: { name, url, state } }: { preview: Preview }) {
  return (
    <>
      <p>{name}</p>
      {url && state !== "asleep" && state !== "removed" && (
        <p className="wrap">
          <a href={url} rel="noreferrer">
            {url}
          </a>
        </p>
      )}
    </>
  );
}

function Standing({ preview }: { preview: Preview }) {
  const { tone, word } = standingOf(preview);
  const { reason, expiresAt, state } = preview;
  return (
    <>
      <Badge tone={tone}>{word}</Badge>
      {reason !== null && <p className="wrap">{reason}</p>}
      {expiresAt !== null && state !== "removed" && <p className="muted">until {moment(expiresAt)}</p>}
    </>
  );
}

function Source({ preview }: { preview: Preview }) {
  const { commit, fork } = preview;
  return (
    <>
      <p className="wrap">
        {sourceOf(preview)} {fork && <span className="tag">fork</span>}
      </p>
      {commit && <code className="muted">{commitName(commit)}</code>}
    </>
  );
}
