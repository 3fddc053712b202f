import type { ReactNode } from "react";
import { useNarrow } from "../use-media.ts";

export interface Column<T> {
  label: string;
  cell: (row: T) => ReactNode;
  numeric?: boolean;
  /** Behind "More" on a narrow screen. */
  minor?: boolean;
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
  const narrow = useNarrow();
  const minor = narrow ? columns.filter((column) => column.minor) : [];
  const shown = columns.filter((column) => !minor.includes(column));
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
            {shown.map((column) => (
              <td key={column.label} data-label={column.label} className={column.numeric ? "right num" : undefined}>
                <div>{column.cell(row)}</div>
              </td>
            ))}
            <More columns={minor} row={row} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function More<T>({ columns, row }: Pick<Props<T>, "columns"> & { row: T }) {
  const cells = columns.map((column) => ({ label: column.label, content: column.cell(row) }));
  const filled = cells.filter(({ content }) => content !== null && content !== false && content !== "");
  if (filled.length === 0) return null;
  return (
    <td className="more">
      <details>
        <summary>More</summary>
        <dl className="payload">
          {filled.map(({ label, content }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{content}</dd>
            </div>
          ))}
        </dl>
      </details>
    </td>
  );
}
