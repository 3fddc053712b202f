import { useState } from "react";
import { Week } from "../../../src/contract/report.ts";
import { navigate } from "../router.tsx";
import { to } from "../routes.ts";

/** Which week is shown; the last 7 days without one. */
export function AuditWeek({ week }: { week: string | undefined }) {
  const [typed, setTyped] = useState(week ?? "");
  const isWeek = typed === "" || Week.safeParse(typed).success;
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWeek) navigate(to.report({ kind: "audit", ...(typed && { week: typed }) }));
      }}
    >
      <label>
        Week{" "}
        <input
          type="text"
          className="week"
          value={typed}
          placeholder="2026-W09"
          spellCheck={false}
          autoComplete="off"
          onChange={({ target }) => setTyped(target.value.trim())}
        />
      </label>
      <button type="submit" className="button small" disabled={!isWeek}>
        Show
      </button>
      <span className="muted">{week ? "As it was stored." : "The last 7 days, as of this moment."}</span>
    </form>
  );
}
