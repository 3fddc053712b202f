import { useHeartbeat } from "../api/check-queries.ts";
import { duration, moment } from "../view/format.ts";
import { Answer } from "./answer.tsx";
import { Fact, Facts } from "./facts.tsx";
import { Section } from "./section.tsx";
import { Time } from "./time.tsx";

/** Where a job has to call, and when it did. */
export function HeartbeatSection({ check }: { check: string }) {
  const heartbeat = useHeartbeat(check);
  const time = (at: string | null) => (at === null ? "never" : <Time at={at} />);
  return (
    <Section title="Calls of the job">
      <Answer query={heartbeat}>
        {({ url, path, periodMs, graceMs, startedAt, okAt, failedAt, dueAt }) => (
          <>
            <Facts>
              <Fact label="Calls every">{`${duration(periodMs)}, ${duration(graceMs)} late at most`}</Fact>
              <Fact label="Began">{time(startedAt)}</Fact>
              <Fact label="Ended well">{time(okAt)}</Fact>
              <Fact label="Failed">{time(failedAt)}</Fact>
              <Fact label="Late from">{moment(dueAt)}</Fact>
            </Facts>
            <details>
              <summary>Address to call, a secret</summary>
              <p>
                <code>{url ?? path}</code> when it has ended well; with <code>/start</code> when it begins,{" "}
                <code>/fail</code> when it has failed.
              </p>
            </details>
          </>
        )}
      </Answer>
    </Section>
  );
}
