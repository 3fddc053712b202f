interface Props {
  hint?: string;
  value: string;
  onChange: (reason: string) => void;
}

export function ReasonField({ hint, value, onChange }: Props) {
  return (
    <label className="field">
      <span>Reason</span>
      <textarea rows={2} maxLength={500} value={value} onChange={(event) => onChange(event.target.value)} />
      {hint && <span className="hint">{hint}</span>}
    </label>
  );
}
