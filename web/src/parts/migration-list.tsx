import type { PlannedMigration } from "../../../src/contract/rollout.ts";
import { plural } from "../view/format.ts";
import { Icon } from "./icon.tsx";

/** Migrations that would run, in order, and what is wrong with their statements. */
export function MigrationList({ migrations }: { migrations: readonly PlannedMigration[] }) {
  return (
    <ul className="plan-list">
      {migrations.map(({ service, tool, kind, pending, findings }) => (
        <li key={`${service} ${kind}`}>
          <p className="plan-title">
            <strong>{service}</strong> {plural(pending.length, "migration")} ({tool}, {kind})
            {pending.length > 0 && `: ${pending.join(", ")}`}
          </p>
          {findings.map(({ rule, statement, message }) => (
            <div key={rule + statement} className="finding" data-tone="warn">
              <p>
                <Icon tone="warn" /> {rule}: {message}
              </p>
              <code>{statement}</code>
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}
