import type { Replica } from "../../../src/contract/service.ts";
import { REPLICA_TONE } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import type { Column } from "./data-table.tsx";
import { DataTable } from "./data-table.tsx";
import { ReleaseName } from "./release-name.tsx";

const COLUMNS: readonly Column<Replica>[] = [
  { label: "Replica", cell: (replica) => <code>{replica.id}</code> },
  { label: "Host", cell: ({ host }) => host && <span className="wrap">{host}</span> },
  { label: "State", cell: (replica) => <Badge tone={REPLICA_TONE[replica.state]}>{replica.state}</Badge> },
  { label: "Release", cell: (replica) => <ReleaseName name={replica.release} /> },
  { label: "PID", numeric: true, cell: (replica) => replica.pid },
  { label: "Port", numeric: true, cell: (replica) => replica.port },
  { label: "Weight", numeric: true, cell: (replica) => isRouted(replica) && `${replica.weight} %` },
  { label: "In flight", numeric: true, cell: (replica) => isRouted(replica) && replica.inflight },
];

/** A worker takes no requests, so a share of them says nothing. */
function isRouted(replica: Replica): boolean {
  return replica.port !== null;
}

export function Replicas({ service, replicas }: { service: string; replicas: readonly Replica[] }) {
  if (replicas.length === 0) return <p className="muted">No replica runs.</p>;
  return (
    <DataTable
      caption={`Replicas of ${service}`}
      columns={replicas.some(({ host }) => host) ? COLUMNS : COLUMNS.filter(({ label }) => label !== "Host")}
      rows={replicas}
      keyOf={(replica) => replica.id}
      compact
    />
  );
}
