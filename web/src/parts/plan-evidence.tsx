import type { RolloutPlan } from "../../../src/contract/rollout.ts";
import { MigrationList } from "./migration-list.tsx";
import { PowerTable } from "./power-table.tsx";
import { PreflightTable } from "./preflight-table.tsx";
import { Section } from "./section.tsx";

/** What a plan knows beside its services: the pre-flight, what the canary can see, migrations. Nothing where it has none of them. */
export function PlanEvidence({ plan }: { plan: RolloutPlan }) {
  const { preflight = [], power = [], migrations = [] } = plan;
  return (
    <>
      {preflight.length > 0 && (
        <Section title="Pre-flight">
          <PreflightTable rows={preflight} />
        </Section>
      )}
      {power.length > 0 && (
        <Section title="What the canary can see">
          {power.map((table) => (
            <PowerTable key={table.service} power={table} />
          ))}
        </Section>
      )}
      {migrations.length > 0 && (
        <Section title="Migrations">
          <MigrationList migrations={migrations} />
        </Section>
      )}
    </>
  );
}
