import { type Incident, isOver } from "../../../src/contract/incident.ts";
import { useHealingPlan } from "../api/incident-queries.ts";
import { useNow } from "../clock.ts";
import { clock, duration } from "../view/format.ts";
import { ApproveButton } from "./approve-button.tsx";
import { ConfirmButton } from "./confirm-button.tsx";
import { DeclineDialog } from "./decline-dialog.tsx";
import { Icon } from "./icon.tsx";

/** What healing asks a person for, and until when; nothing when it asks nobody. */
export function ProposalNote({ incident }: { incident: Incident }) {
  const proposed = incident.actions.findLast(({ outcome }) => outcome === "proposed");
  const isAsked = proposed !== undefined && !isOver(incident.state);
  const { data: plan } = useHealingPlan(incident.id, isAsked);
  if (!isAsked) return null;
  const { next, validUntil, veto } = plan ?? {};
  return (
    <section className="note decision" data-tone="warn" aria-label="Proposal">
      <Icon tone="warn" />
      <p>
        <strong>A person decides: {next?.name ?? proposed.detail ?? proposed.remedy}</strong>.{" "}
        {veto && <>Even if approved it waits: {veto.reason}. </>}
        {validUntil && <Valid until={validUntil} />}
      </p>
      <div className="actions">
        <ApproveButton incident={incident} />
        <ConfirmButton label="Decline">
          {(close) => <DeclineDialog incident={incident} onClose={close} />}
        </ConfirmButton>
      </div>
    </section>
  );
}

function Valid({ until }: { until: string }) {
  const left = Date.parse(until) - useNow();
  return (
    <span className="muted num">
      Valid until {clock(until)}
      {left > 0 && `, ${duration(Math.ceil(left / 1_000) * 1_000)} more`}.
    </span>
  );
}
