import type { Silence } from "../../../src/contract/silence.ts";
import { useSilences } from "../api/incident-queries.ts";
import { useNow } from "../clock.ts";
import { Answer } from "../parts/answer.tsx";
import { ConfirmButton } from "../parts/confirm-button.tsx";
import { Empty } from "../parts/empty.tsx";
import { Heading } from "../parts/heading.tsx";
import { IncidentPages } from "../parts/incident-pages.tsx";
import { Section } from "../parts/section.tsx";
import { SilenceDialog } from "../parts/silence-dialog.tsx";
import { SilenceTable } from "../parts/silence-table.tsx";
import { timeOf } from "../view/silences.ts";

export function SilencesPage() {
  const silences = useSilences();
  return (
    <>
      <Heading
        title="Silences"
        lead="While a silence holds, nothing that fits it opens an incident or calls anybody. Checks go on."
        actions={
          <ConfirmButton label="Silence something" className="primary">
            {(close) => <SilenceDialog onClose={close} />}
          </ConfirmButton>
        }
      />
      <IncidentPages current="/silences" />
      <Answer query={silences}>{(data) => <Silences silences={data} />}</Answer>
    </>
  );
}

function Silences({ silences }: { silences: readonly Silence[] }) {
  const now = useNow();
  const { now: current = [], coming = [], over = [] } = Object.groupBy(silences, (silence) => timeOf(silence, now));
  return (
    <>
      <Section title="Current">
        {current.length > 0 ? (
          <SilenceTable caption="Silences that stand" silences={current} />
        ) : (
          <Empty title="Nothing is silenced">Windows that return belong into the manifest, under maintenance.</Empty>
        )}
      </Section>
      {coming.length > 0 && (
        <Section title="Coming">
          <SilenceTable caption="Silences that begin later" silences={coming} />
        </Section>
      )}
      {over.length > 0 && (
        <Section title="Over">
          <SilenceTable caption="Silences that are over, the newest first" silences={over} over />
        </Section>
      )}
    </>
  );
}
