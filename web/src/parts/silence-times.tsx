import { useId } from "react";
import { duration } from "../view/format.ts";
import { LENGTHS, type SilenceForm, SPANS } from "../view/silences.ts";

const ZONES = Intl.supportedValuesOf("timeZone");

interface Props {
  form: SilenceForm;
  onChange: (part: Partial<SilenceForm>) => void;
}

/** When it is silent: at once and once, later, or in spans that return. */
export function SilenceTimes({ form, onChange }: Props) {
  const { from, lengthMs, recurring } = form;
  return (
    <>
      <div className="field-row">
        <label className="field">
          <span>Begins (optional)</span>
          <input type="datetime-local" value={from} onChange={({ target }) => onChange({ from: target.value })} />
          <span className="hint">Left empty: now.</span>
        </label>
        <Length label="Stands for" choices={LENGTHS} value={lengthMs} onChange={(ms) => onChange({ lengthMs: ms })} />
      </div>
      <label className="check">
        <input type="checkbox" checked={recurring} onChange={({ target }) => onChange({ recurring: target.checked })} />
        Only in spans that return
      </label>
      {recurring && <Spans form={form} onChange={onChange} />}
    </>
  );
}

function Spans({ form: { cron, spanMs, zone }, onChange }: Props) {
  const id = useId();
  return (
    <div className="field-row">
      <label className="field">
        <span>Cron line</span>
        <input
          type="text"
          value={cron}
          placeholder="0 2 * * 0"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => onChange({ cron: target.value })}
        />
        <span className="hint">Minute, hour, day, month, weekday.</span>
      </label>
      <Length label="Each span lasts" choices={SPANS} value={spanMs} onChange={(ms) => onChange({ spanMs: ms })} />
      <label className="field">
        <span>Time zone</span>
        <input
          type="text"
          list={id}
          value={zone}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => onChange({ zone: target.value })}
        />
        <datalist id={id}>
          {ZONES.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </label>
    </div>
  );
}

interface LengthProps {
  label: string;
  /** Milliseconds. */
  choices: readonly number[];
  value: number;
  onChange: (ms: number) => void;
}

function Length({ label, choices, value, onChange }: LengthProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <select value={value} onChange={({ target }) => onChange(Number(target.value))}>
        {choices.map((ms) => (
          <option key={ms} value={ms}>
            {duration(ms)}
          </option>
        ))}
      </select>
    </label>
  );
}
