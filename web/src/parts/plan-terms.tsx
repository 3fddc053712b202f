import type { RolloutPlan } from "../../../src/contract/rollout.ts";
import { settle, type Terms } from "../view/terms.ts";
import { NameField } from "./name-field.tsx";
import { ReasonField } from "./reason-field.tsx";
import { Section } from "./section.tsx";

interface Props {
  plan: RolloutPlan;
  terms: Terms;
  onChange: (terms: Terms) => void;
  /** Whether it can be left to begin by itself. */
  mayWait: boolean;
}

/** What a person may take on themselves where the pre-flight refuses; nothing where it does not. */
export function PlanTerms({ plan, terms, onChange, mayWait }: Props) {
  const { items, isClosed, asksReason } = settle(plan, terms);
  if (items.length === 0 && !isClosed) return null;
  const toggle = (item: string) =>
    onChange({
      ...terms,
      items: terms.items.includes(item) ? terms.items.filter((other) => other !== item) : [...terms.items, item],
    });
  const choose = (closed: Terms["closed"]) => onChange({ ...terms, closed });
  return (
    <Section title="All the same?">
      {isClosed && (
        <fieldset className="choices">
          <legend>The environment is closed</legend>
          {mayWait && (
            <Choice
              label="Wait: begin when it opens"
              isChosen={terms.closed === "wait"}
              choose={() => choose("wait")}
            />
          )}
          <Choice
            label="Break the glass: begin now, and tell the people on call"
            isChosen={terms.closed === "break"}
            choose={() => choose("break")}
          />
        </fieldset>
      )}
      {items.length > 0 && (
        <fieldset className="choices">
          <legend>On your own responsibility</legend>
          {items.map((item) => (
            <label key={item} className="check">
              <input type="checkbox" checked={terms.items.includes(item)} onChange={() => toggle(item)} />
              Override {item}
            </label>
          ))}
        </fieldset>
      )}
      {asksReason && (
        <>
          <ReasonField
            hint="Needed: it is in the audit, and people are told."
            value={terms.reason}
            onChange={(reason) => onChange({ ...terms, reason })}
          />
          <NameField />
        </>
      )}
    </Section>
  );
}

function Choice({ label, isChosen, choose }: { label: string; isChosen: boolean; choose: () => void }) {
  return (
    <label className="check">
      <input type="radio" name="closed" checked={isChosen} onChange={choose} />
      {label}
    </label>
  );
}
