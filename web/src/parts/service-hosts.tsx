import type { ServiceHost } from "../../../src/contract/service.ts";
import { SERVICE_TONE } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";

const COLUMNS: readonly Column<ServiceHost>[] = [
  { label: "Host", cell: ({ host }) => <span className="wrap">{host}</span> },
  { label: "State", cell: ({ state }) => <Badge tone={SERVICE_TONE[state]}>{state}</Badge> },
  { label: "Replicas", numeric: true, cell: ({ alive, expected }) => `${alive} of ${expected}` },
  { label: "Why", cell: ({ detail }) => detail && <span className="wrap">{detail}</span> },
];

/** How a service is on each of several hosts; of one the service itself says it. */
export function ServiceHosts({ service, hosts = [] }: { service: string; hosts?: readonly ServiceHost[] | undefined }) {
  if (hosts.length < 2) return null;
  return (
    <DataTable caption={`Hosts of ${service}`} columns={COLUMNS} rows={hosts} keyOf={({ host }) => host} compact />
  );
}
