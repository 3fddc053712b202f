import { useId } from "react";
import { Severity } from "../../../src/contract/severity.ts";
import { useCheckCount } from "../api/check-queries.ts";
import { useStatus } from "../api/queries.ts";
import { useSettled } from "../use-settled.ts";
import type { SilenceForm } from "../view/silences.ts";

const SETTLE_MS = 200;

interface Props {
  form: SilenceForm;
  onChange: (part: Partial<SilenceForm>) => void;
}

/** What is to be silent: all that is named must fit. */
export function SilenceMatch({ form: { service, check, severity }, onChange }: Props) {
  const id = useId();
  const services = useStatus().data?.services ?? [];
  const text = useSettled(check.trim(), SETTLE_MS);
  const suggested = useCheckCount({ ...(text && { text }), ...(service && { service }) }).data?.checks ?? [];
  return (
    <fieldset className="choices wide">
      <legend>What is silent: all that is named has to fit</legend>
      <label className="field">
        <span>Service</span>
        <select value={service} onChange={({ target }) => onChange({ service: target.value })}>
          <option value="">any</option>
          {services.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Check</span>
        <input
          type="text"
          list={id}
          value={check}
          placeholder="any"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => onChange({ check: target.value })}
        />
        <datalist id={id}>
          {suggested.map((item) => (
            <option key={item.id} value={item.id} />
          ))}
        </datalist>
      </label>
      <label className="field">
        <span>Severity</span>
        <select
          value={severity}
          onChange={({ target }) => onChange({ severity: Severity.safeParse(target.value).data ?? "" })}
        >
          <option value="">any</option>
          {Severity.options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}
