import type { Status } from "../../../src/contract/status.ts";
import { useStatus } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { ConfirmButton } from "../parts/confirm-button.tsx";
import { DeployDialog } from "../parts/deploy-dialog.tsx";
import { Empty } from "../parts/empty.tsx";
import { Heading } from "../parts/heading.tsx";
import { Icon } from "../parts/icon.tsx";
import { IncidentBanner } from "../parts/incident-banner.tsx";
import { Infrastructure } from "../parts/infrastructure.tsx";
import { RollbackDialog } from "../parts/rollback-dialog.tsx";
import { RolloutTable } from "../parts/rollout-table.tsx";
import { Section } from "../parts/section.tsx";
import { ServicePanel } from "../parts/service-panel.tsx";
import { Summary } from "../parts/summary.tsx";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { holdsOf, isHeld } from "../view/holds.ts";
import { holdingTexts } from "../view/silences.ts";

const RECENT = 5;

export function OverviewPage() {
  const status = useStatus();
  return (
    <Answer query={status} title="Overview">
      {(data) => <Overview status={data} />}
    </Answer>
  );
}

function Overview({ status }: { status: Status }) {
  return (
    <>
      <Heading
        title={status.project}
        lead={<Summary status={status} />}
        actions={
          <>
            <ConfirmButton label="Roll back">
              {(close) => <RollbackDialog environment={status.environment} onClose={close} />}
            </ConfirmButton>
            <ConfirmButton label="Deploy" className="primary">
              {(close) => <DeployDialog status={status} onClose={close} />}
            </ConfirmButton>
          </>
        }
      />
      <IncidentBanner incidents={status.incidents} />
      {isHeld(status) && (
        <p className="note" data-tone="warn">
          <Icon tone="warn" />
          <span>
            <Link href={to.environment}>{holdsOf(status)}</Link>
          </span>
        </p>
      )}
      {holdingTexts(status.silences ?? []).map((text) => (
        <p key={text} className="note" data-tone="warn">
          <Icon tone="warn" />
          <span>
            <Link href="/silences">{text}</Link>
          </span>
        </p>
      ))}
      <Section title="Services">
        {status.services.length === 0 ? (
          <Empty title="No service runs yet">
            Describe one under <code>services:</code> in <code>stationmaster.yaml</code>, then press Deploy or run{" "}
            <code>stationmaster deploy</code>.
          </Empty>
        ) : (
          <div className="panels">
            {status.services.map((service) => (
              <ServicePanel key={service.name} service={service} />
            ))}
          </div>
        )}
      </Section>
      {status.infrastructure && (
        <Section title="Infrastructure">
          <Infrastructure parts={status.infrastructure} />
        </Section>
      )}
      <Section title="Recent rollouts" aside={<Link href="/rollouts">All rollouts</Link>}>
        {status.rollouts.length === 0 ? (
          <Empty title="Nothing was deployed yet">Press Deploy to see the plan of the first rollout.</Empty>
        ) : (
          <RolloutTable rollouts={status.rollouts.slice(0, RECENT)} />
        )}
      </Section>
    </>
  );
}
