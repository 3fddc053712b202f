import { type ReactNode, useEffect, useRef, useState } from "react";
import { CheckType, Verdict } from "../../../src/contract/check.ts";
import { type CheckList, CheckSort } from "../../../src/contract/check-list.ts";
import { useStatus } from "../api/queries.ts";
import { replaceQuery } from "../router.tsx";
import { to } from "../routes.ts";
import { useSettled } from "../use-settled.ts";
import { type CheckFilter, SORT_LABEL } from "../view/check-filter.ts";
import { VERDICT_TONE, words } from "../view/states.ts";
import { Icon } from "./icon.tsx";

const TYPING_MS = 200;

interface Props {
  filter: CheckFilter;
  /** How many checks say what, whatever verdict is chosen. */
  verdicts: CheckList["verdicts"] | undefined;
}

/** Narrows the list of checks; the address keeps what was chosen. */
export function CheckFilters({ filter, verdicts }: Props) {
  const services = useStatus().data?.services ?? [];
  const choose = (change: CheckFilter) => replaceQuery(to.checks({ ...filter, ...change }));
  return (
    <search className="check-filters">
      <TextFilter filter={filter} />
      <label>
        <span className="hidden">Service</span>
        <select value={filter.service ?? ""} onChange={({ target }) => choose({ service: target.value || undefined })}>
          <option value="">All services</option>
          {services.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        <span className="hidden">Type</span>
        <select
          value={filter.type ?? ""}
          onChange={({ target }) => choose({ type: CheckType.safeParse(target.value).data })}
        >
          <option value="">All types</option>
          {CheckType.options.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
      </label>
      <label className="narrow-only">
        <span className="hidden">Order</span>
        <select
          value={filter.sort ?? "verdict"}
          onChange={({ target }) => choose({ sort: CheckSort.parse(target.value), reverse: undefined })}
        >
          {CheckSort.options.map((sort) => (
            <option key={sort} value={sort}>
              {`By ${SORT_LABEL[sort]}`}
            </option>
          ))}
        </select>
      </label>
      {verdicts && <VerdictFilter filter={filter} verdicts={verdicts} choose={choose} />}
    </search>
  );
}

/** What is typed counts when typing pauses. */
function TextFilter({ filter }: { filter: CheckFilter }) {
  const { text = "" } = filter;
  const [typed, setTyped] = useState(text);
  const settled = useSettled(typed.trim(), TYPING_MS);
  const said = useRef(text);
  // A link to another filter empties the field.
  useEffect(() => {
    if (text === said.current) return;
    said.current = text;
    setTyped(text);
  }, [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing changes the address here.
  useEffect(() => {
    if (settled === said.current) return;
    said.current = settled;
    replaceQuery(to.checks({ ...filter, text: settled }));
  }, [settled]);
  return (
    <label className="check-text">
      <span className="hidden">Find checks</span>
      <input
        type="search"
        placeholder="Find by name or address"
        maxLength={200}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
    </label>
  );
}

function VerdictFilter({
  filter: { verdict, failing },
  verdicts,
  choose,
}: Required<Omit<Props, "verdicts">> & { verdicts: CheckList["verdicts"]; choose: (change: CheckFilter) => void }) {
  const all = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  const bad = all - verdicts.UP - verdicts.UNKNOWN;
  const shown = Verdict.options.filter((name) => verdicts[name] > 0 || name === verdict);
  return (
    <fieldset className="chips">
      <legend className="hidden">Verdict</legend>
      <Chip on={!verdict && !failing} count={all} onClick={() => choose({ verdict: undefined, failing: undefined })}>
        all
      </Chip>
      <Chip on={failing === true} count={bad} onClick={() => choose({ verdict: undefined, failing: true })}>
        failing
      </Chip>
      {shown.map((name) => (
        <Chip
          key={name}
          on={verdict === name}
          count={verdicts[name]}
          onClick={() => choose({ verdict: name, failing: undefined })}
        >
          <Icon tone={VERDICT_TONE[name]} /> {words(name)}
        </Chip>
      ))}
    </fieldset>
  );
}

function Chip(props: { on: boolean; count: number; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className="chip" aria-pressed={props.on} onClick={props.onClick}>
      {props.children} <span className="num muted">{props.count.toLocaleString("en-US")}</span>
    </button>
  );
}
