import { Severity } from "../../../src/contract/severity.ts";
import { Link, replaceQuery } from "../router.tsx";
import { type IncidentFilter, to } from "../routes.ts";

const STATES = [
  { state: "open", label: "Open" },
  { state: "review", label: "In review" },
  { state: "all", label: "All" },
] as const;

/** Which incidents are listed; the choice is in the address. */
export function IncidentFilters({ filter, services }: { filter: IncidentFilter; services: readonly string[] }) {
  const { state, severity, service } = filter;
  const names = [...new Set([...services, ...(service === null ? [] : [service])])].sort();
  return (
    <div className="filters">
      <nav className="tabs" aria-label="Which incidents">
        {STATES.map((choice) => (
          <Link
            key={choice.state}
            className="page-link"
            href={to.incidents({ ...filter, state: choice.state })}
            aria-current={choice.state === state ? "page" : undefined}
          >
            {choice.label}
          </Link>
        ))}
      </nav>
      <label>
        Severity{" "}
        <select
          value={severity ?? ""}
          onChange={({ target }) =>
            replaceQuery(to.incidents({ ...filter, severity: Severity.safeParse(target.value).data ?? null }))
          }
        >
          <option value="">any</option>
          {Severity.options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      </label>
      <label>
        Service{" "}
        <select
          value={service ?? ""}
          onChange={({ target }) => replaceQuery(to.incidents({ ...filter, service: target.value || null }))}
        >
          <option value="">any</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    </div>
  );
}
