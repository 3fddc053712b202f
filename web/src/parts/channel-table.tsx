import type { Calling } from "../../../src/contract/notification.ts";
import { Badge } from "./badge.tsx";
import { ChannelTestButton } from "./channel-test.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { Time } from "./time.tsx";

type Channel = Calling["channels"][number];

const COLUMNS: readonly Column<Channel>[] = [
  { label: "Channel", cell: ({ name }) => <span className="strong nowrap">{name}</span> },
  { label: "Kind", cell: ({ kind }) => kind },
  { label: "State", cell: (channel) => <StateBadge channel={channel} /> },
  {
    label: "Last delivered",
    cell: ({ lastSuccessAt }) => (lastSuccessAt ? <Time at={lastSuccessAt} /> : "never"),
  },
  {
    label: "Last test",
    cell: ({ lastTest }) =>
      lastTest ? (
        <>
          {lastTest.accepted ? "accepted" : "refused"} <Time at={lastTest.at} />
        </>
      ) : (
        "never"
      ),
  },
  { label: "Last failure", cell: ({ lastError }) => lastError && <span className="wrap">{lastError}</span> },
  { label: "Delivered", numeric: true, minor: true, cell: ({ delivered }) => delivered.toLocaleString("en-US") },
  { label: "Waiting", numeric: true, cell: ({ waiting }) => waiting },
  { label: "Given up", numeric: true, cell: ({ dead }) => dead },
  { label: "Test", cell: ({ name }) => <ChannelTestButton channel={name} /> },
];

function StateBadge({ channel: { lastError, lastSuccessAt, lastTest } }: { channel: Channel }) {
  if (lastError !== null) return <Badge tone="bad">fails</Badge>;
  const isTried = lastSuccessAt !== null || lastTest !== null;
  return isTried ? <Badge tone="ok">works</Badge> : <Badge tone="idle">not used yet</Badge>;
}

export function ChannelTable({ channels }: { channels: readonly Channel[] }) {
  return <DataTable caption="Channels" columns={COLUMNS} rows={channels} keyOf={({ name }) => name} />;
}
