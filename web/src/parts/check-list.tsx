import { defaultRangeExtractor, useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useState } from "react";
import { PAGE_SIZE, useCheckPages } from "../api/check-queries.ts";
import { useNarrow } from "../use-media.ts";
import { useRowKeys } from "../use-row-keys.ts";
import type { CheckFilter } from "../view/check-filter.ts";
import { CheckListHead } from "./check-list-head.tsx";
import { CheckRow } from "./check-row.tsx";

/** As the style sheet has them, in pixels. */
const ROW = { wide: 38, narrow: 86 };
const HEAD = { wide: 36, narrow: 0 };
const OVERSCAN = 8;
const ROWS_PER_KEY = 10;

interface Props {
  filter: CheckFilter;
  total: number;
}

/** Any number of checks: only the rows in view are drawn, and only their pages asked for. */
export function CheckList({ filter, total }: Props) {
  const size = useNarrow() ? "narrow" : "wide";
  // Made anew for another height of rows.
  return <Rows key={size} filter={filter} total={total} height={ROW[size]} head={HEAD[size]} />;
}

function Rows({ filter, total, height, head }: Props & { height: number; head: number }) {
  const [top, setTop] = useState(0);
  const { list, active, onKeyDown, choose } = useRowKeys<HTMLDivElement>({
    count: total,
    page: ROWS_PER_KEY,
    scrollTo: (index) => rows.scrollToIndex(index),
  });
  const rows = useWindowVirtualizer({
    count: total,
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollMargin: top,
    scrollPaddingStart: head,
    // Tab must find the row that was chosen, wherever it is.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), active])].filter((row) => row < total),
  });
  const items = rows.getVirtualItems();
  const pages = useCheckPages(filter, [...new Set(items.map(({ index }) => Math.floor(index / PAGE_SIZE)))]);

  // Without dependencies: what stands above the list may grow at any time.
  useLayoutEffect(() => {
    const box = list.current?.getBoundingClientRect();
    if (box) setTop(Math.round(box.top + scrollY));
  });

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table would have to hold all rows.
    <div className="check-list" role="table" aria-label="Checks" aria-rowcount={total + 1}>
      <CheckListHead filter={filter} />
      {/* biome-ignore lint/a11y/useSemanticElements: rows that are placed by themselves fit no table. */}
      <div ref={list} role="rowgroup" className="check-rows" style={{ height: total * height }} onKeyDown={onKeyDown}>
        {items.map(({ index, start }) => (
          <CheckRow
            key={index}
            index={index}
            top={start - top}
            check={pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE]}
            isActive={index === active}
            onFocus={choose}
          />
        ))}
      </div>
    </div>
  );
}
