import type { Calling, Notification } from "../../../src/contract/notification.ts";
import { useCalling, useNotifications } from "../api/incident-queries.ts";
import { Answer } from "../parts/answer.tsx";
import { ChannelTable } from "../parts/channel-table.tsx";
import type { Column } from "../parts/data-table.tsx";
import { Empty } from "../parts/empty.tsx";
import { EscalationTable } from "../parts/escalation-table.tsx";
import { Heading } from "../parts/heading.tsx";
import { IncidentPages } from "../parts/incident-pages.tsx";
import { Section } from "../parts/section.tsx";
import { ToldTable } from "../parts/told-table.tsx";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";

/** Which incident a message is about; a notice is about none. */
const ABOUT: Column<Notification> = {
  label: "About",
  cell: ({ incident, service, text }) =>
    incident.startsWith("inc-") ? (
      <Link href={to.incident(incident)}>{text.includes(service) ? text : `${service}: ${text}`}</Link>
    ) : (
      <span className="wrap">{text}</span>
    ),
};

export function NotificationsPage() {
  const calling = useCalling();
  return (
    <>
      <Heading title="Notifications" lead="Who is called about what, and whether it gets there." />
      <IncidentPages current="/notifications" />
      <Answer query={calling}>{(data) => <CallingView calling={data} />}</Answer>
      <Outbox />
    </>
  );
}

function CallingView({ calling: { channels, escalation } }: { calling: Calling }) {
  return (
    <>
      <Section title="Channels">
        <ChannelTable channels={channels} />
      </Section>
      <Section title="Who is called when">
        <EscalationTable escalation={escalation} />
      </Section>
    </>
  );
}

function Outbox() {
  const pending = useNotifications("pending");
  const dead = useNotifications("dead");
  const latest = useNotifications();
  return (
    <>
      {pending.data && pending.data.length > 0 && (
        <Section title="On their way">
          <ToldTable caption="Messages that are not delivered yet" messages={pending.data} first={ABOUT} />
        </Section>
      )}
      {dead.data && dead.data.length > 0 && (
        <Section title="Given up">
          <ToldTable caption="Messages that were given up" messages={dead.data} first={ABOUT} />
        </Section>
      )}
      <Section title="Last messages">
        <Answer query={latest}>
          {(data) =>
            data.length > 0 ? (
              <ToldTable caption="Messages, the newest first" messages={data} first={ABOUT} />
            ) : (
              <Empty title="Nothing was sent yet">The button beside a channel sends it a test message.</Empty>
            )
          }
        </Answer>
      </Section>
    </>
  );
}
