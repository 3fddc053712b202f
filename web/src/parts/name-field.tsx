import { personName, rememberName } from "../api/actor.ts";
import { useStore } from "../store.ts";

/** Where who did it matters. */
export function NameField() {
  return (
    <label className="field">
      <span>Your name</span>
      <input
        type="text"
        value={useStore(personName)}
        maxLength={50}
        autoComplete="nickname"
        spellCheck={false}
        onChange={(event) => rememberName(event.target.value)}
      />
      <span className="hint">For the audit; kept in this browser.</span>
    </label>
  );
}
