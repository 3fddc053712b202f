import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";

interface Options {
  count: number;
  /** Rows that Page up and Page down pass over. */
  page: number;
  /** Brings a row into view; it may be drawn later. */
  scrollTo(index: number): void;
}

const STEPS: Record<string, (at: number, last: number, page: number) => number> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at, _, page) => at + page,
  PageUp: (at, _, page) => at - page,
  Home: () => 0,
  End: (_, last) => last,
};

/**
 * Keys for a long list of which few rows are drawn: Tab reaches one row, arrows, Page up, Page down, Home and End lead to the others.
 * Rows are marked with `data-row`, and the first link in one takes the focus.
 */
export function useRowKeys<T extends HTMLElement>({ count, page, scrollTo }: Options) {
  const list = useRef<T>(null);
  const wanted = useRef<number>(null);
  const [chosen, setChosen] = useState(0);
  const active = Math.min(chosen, Math.max(0, count - 1));

  // Without dependencies: the row is there after one of the next times that the list is drawn.
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const link = list.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"] a`);
    if (!link) return;
    wanted.current = null;
    link.focus({ preventScroll: true });
  });

  function onKeyDown(event: KeyboardEvent<T>) {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || count === 0) return;
    event.preventDefault();
    const next = Math.min(count - 1, Math.max(0, step(active, count - 1, page)));
    wanted.current = next;
    setChosen(next);
    scrollTo(next);
  }

  return { list, active, onKeyDown, choose: setChosen };
}
