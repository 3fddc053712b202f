import type { Incident } from "../../../src/contract/incident.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { duration } from "../view/format.ts";
import { failedChecksOf } from "../view/incident-news.ts";
import { Elapsed } from "./elapsed.tsx";
import { Fact, Facts } from "./facts.tsx";
import { Runbook } from "./runbook.tsx";
import { Time } from "./time.tsx";

/** When it began, how long it took whom, and what it is about. */
export function IncidentFacts({ incident }: { incident: Incident }) {
  const { id, service, environment, openedAt, times, previous, reportedBy, runbooks = [] } = incident;
  const onset = times?.onset ?? openedAt;
  return (
    <Facts>
      <Fact label="Service">
        {incident.restartsLeft === null ? service : <Link href={to.service(service)}>{service}</Link>}
      </Fact>
      <Fact label="Environment">{environment}</Fact>
      <Fact label="Since">
        <Time at={onset} />
      </Fact>
      {times?.sinceAbout && (
        <Fact label="Began about">
          <Time at={times.sinceAbout} />
        </Fact>
      )}
      {times && <Fact label="Detected after">{between(times.onset, times.detected)}</Fact>}
      {times?.acknowledged && <Fact label="Taken after">{between(times.detected, times.acknowledged)}</Fact>}
      <Fact label="Downtime">
        <Downtime incident={incident} />
      </Fact>
      <Fact label="Failed checks">
        <CheckLinks checks={failedChecksOf(incident)} />
      </Fact>
      {runbooks.length > 0 && (
        <Fact label={runbooks.length > 1 ? "Runbooks" : "Runbook"}>
          <span className="check-links">
            {runbooks.map((address) => (
              <Runbook key={address} address={address} />
            ))}
          </span>
        </Fact>
      )}
      {incident.restartsLeft !== null && <Fact label="Restarts left">{`${incident.restartsLeft} of 2`}</Fact>}
      {incident.occurrence > 1 && <Fact label="Occurrence">{incident.occurrence}</Fact>}
      {previous && (
        <Fact label="Before it">
          <Link href={to.incident(previous)}>{previous}</Link>
        </Fact>
      )}
      {reportedBy && <Fact label="Reported by">{reportedBy}</Fact>}
      <Fact label="Id">
        <code>{id}</code>
      </Fact>
    </Facts>
  );
}

/** The time in which its checks failed, without that in which they passed between two failures. */
function Downtime({ incident: { openedAt, resolvedAt, times } }: { incident: Incident }) {
  if (!times?.downtime) return <Elapsed from={times?.onset ?? openedAt} until={times?.mitigated ?? resolvedAt} />;
  const { endedMs, since } = times.downtime;
  if (since === null) return <span className="num nowrap">{duration(endedMs)}</span>;
  return <Elapsed from={new Date(Date.parse(since) - endedMs).toISOString()} until={null} />;
}

function CheckLinks({ checks }: { checks: readonly string[] }) {
  if (checks.length === 0) return "–";
  return (
    <span className="check-links">
      {checks.map((check) => (
        <Link key={check} href={to.check(check)}>
          {check}
        </Link>
      ))}
    </span>
  );
}

function between(from: string, until: string): string {
  return duration(Date.parse(until) - Date.parse(from));
}
