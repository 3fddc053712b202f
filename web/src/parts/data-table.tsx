import type { ReactNode } from "react";

export interface Column<T> {
  label: string;
  cell: (row: T) => ReactNode;
  numeric?: boolean;
}

interface Props<T> {
  /** Says what the table holds; for assistive technology. */
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string | number;
  /** Equal columns on a wide screen, two values a line on a narrow one. */
  compact?: boolean;
}

/** A table that turns into one card a row on a narrow screen, each value under its label. */
export function DataTable<T>({ caption, columns, rows, keyOf, compact = false }: Props<T>) {
  return (
    <table className={compact ? "table compact" : "table"}>
      <caption className="hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.label} scope="col" className={column.numeric ? "right" : undefined}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column) => (
              <td key={column.label} data-label={column.label} className={column.numeric ? "right num" : undefined}>
                <div>{column.cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
