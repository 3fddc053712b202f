import type { InfrastructurePart } from "../../../src/contract/service.ts";
import { SERVICE_TONE } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";

type Row = { name: string } & InfrastructurePart["hosts"][number];

const COLUMNS: readonly Column<Row>[] = [
  { label: "Name", cell: ({ name }) => <code>{name}</code> },
  { label: "Host", cell: ({ host }) => <span className="wrap">{host}</span> },
  { label: "State", cell: ({ state }) => <Badge tone={SERVICE_TONE[state]}>{state}</Badge> },
  { label: "Why", cell: ({ detail }) => detail && <span className="wrap">{detail}</span> },
];

/** What the Compose file has besides the services, and how it is on each host. */
export function Infrastructure({ parts }: { parts: readonly InfrastructurePart[] }) {
  const rows = parts.flatMap(({ name, hosts }) => hosts.map((item) => ({ name, ...item })));
  return (
    <DataTable
      caption="Infrastructure"
      columns={COLUMNS}
      rows={rows}
      keyOf={({ name, host }) => `${name} ${host}`}
      compact
    />
  );
}
