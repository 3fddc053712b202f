import { type Incident, isOver } from "../../../src/contract/incident.ts";
import { useHealingPlan } from "../api/incident-queries.ts";
import { ActionTable } from "./action-table.tsx";
import { Answer } from "./answer.tsx";
import { Empty } from "./empty.tsx";
import { HealingPlanView } from "./healing-plan.tsx";
import { Section } from "./section.tsx";

/** What was done to heal, and what comes next. */
export function HealingSection({ incident }: { incident: Incident }) {
  const { id, actions, state, restartsLeft } = incident;
  const heals = !isOver(state) && restartsLeft !== null;
  const plan = useHealingPlan(id, heals);
  return (
    <Section title="Healing">
      {actions.length > 0 && <ActionTable actions={actions} />}
      {heals && <Answer query={plan}>{(data) => <HealingPlanView plan={data} />}</Answer>}
      {actions.length === 0 && !heals && (
        <Empty title="No action taken">
          {isOver(state) ? "It recovered by itself." : "No remedy applies to it: it is left to people."}
        </Empty>
      )}
    </Section>
  );
}
