import { memo, type ReactNode } from "react";
import type { Check } from "../../../src/contract/check.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { isTimed } from "../view/checks.ts";
import { latency, percent } from "../view/format.ts";
import { VERDICT_TONE, words } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { LastResult } from "./check-table.tsx";
import { Time } from "./time.tsx";

interface Props {
  index: number;
  /** Pixels from the beginning of the list. */
  top: number;
  /** Undefined until its page is there. */
  check: Check | undefined;
  /** The one that Tab reaches. */
  isActive: boolean;
  onFocus: (index: number) => void;
}

/** One check in a list of many. */
export const CheckRow = memo(function CheckRow({ index, top, check, isActive, onFocus }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the list.
    // biome-ignore lint/a11y/useFocusableInteractive: its link takes the focus.
    <div
      role="row"
      aria-rowindex={index + 2}
      data-row={index}
      className="check-row"
      style={{ transform: `translateY(${top}px)` }}
      onFocus={() => onFocus(index)}
    >
      {check ? <Cells check={check} tabIndex={isActive ? 0 : -1} /> : <Cell name="verdict">…</Cell>}
    </div>
  );
});

function Cells({ check, tabIndex }: { check: Check; tabIndex: number }) {
  const { id, verdict, target, uptime24h, p95, since } = check;
  return (
    <>
      <Cell name="verdict">
        <Badge tone={VERDICT_TONE[verdict]}>{words(verdict)}</Badge>
      </Cell>
      <Cell name="id">
        <Link href={to.check(id)} tabIndex={tabIndex} title={id}>
          {id}
        </Link>
      </Cell>
      <Cell name="target">
        <span title={target}>{target}</span>
      </Cell>
      <Cell name="last">
        <LastResult check={check} />
      </Cell>
      <Cell name="uptime">{uptime24h === null ? "–" : percent(uptime24h)}</Cell>
      <Cell name="p95">{isTimed(check) ? latency(p95) : "–"}</Cell>
      <Cell name="since">{since ? <Time at={since} /> : "–"}</Cell>
    </>
  );
}

function Cell({ name, children }: { name: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the list.
    <span role="cell" className={`check-${name}`}>
      {children}
    </span>
  );
}
