import type { CheckSort } from "../../../src/contract/check-list.ts";
import { replaceQuery } from "../router.tsx";
import { to } from "../routes.ts";
import { type CheckFilter, directionOf, sortedBy } from "../view/check-filter.ts";

const COLUMNS: readonly { label: string; sort?: CheckSort; numeric?: boolean }[] = [
  { label: "Verdict", sort: "verdict" },
  { label: "Check", sort: "id" },
  { label: "Asks" },
  { label: "Last" },
  { label: "Uptime 24 h", sort: "uptime", numeric: true },
  { label: "p95, 1 h", sort: "p95", numeric: true },
  { label: "Since", sort: "since", numeric: true },
];

/** The columns of the list of checks; those with an order change it. */
export function CheckListHead({ filter }: { filter: CheckFilter }) {
  const { sort: current = "verdict" } = filter;
  const direction = directionOf(filter);
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the list.
    <div role="rowgroup" className="check-head">
      {/* biome-ignore lint/a11y/useSemanticElements: see the list. */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons take the focus. */}
      <div role="row" aria-rowindex={1} className="check-row">
        {COLUMNS.map(({ label, sort, numeric }) => (
          // biome-ignore lint/a11y/useSemanticElements: see the list.
          // biome-ignore lint/a11y/useFocusableInteractive: its button takes the focus.
          <span
            key={label}
            role="columnheader"
            className={numeric ? "right" : undefined}
            aria-sort={sort === current ? direction : undefined}
          >
            {sort === undefined ? (
              label
            ) : (
              <button type="button" onClick={() => replaceQuery(to.checks(sortedBy(filter, sort)))}>
                {label}
                {sort === current && <span aria-hidden="true">{direction === "ascending" ? " ↑" : " ↓"}</span>}
              </button>
            )}
          </span>
        ))}
      </div>
    </div>
  );
}
