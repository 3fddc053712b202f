import type { RolloutFailure } from "../../../src/contract/rollout.ts";
import { Icon } from "./icon.tsx";
import { LogLines } from "./log-lines.tsx";

/** Why a rollout failed, what its check saw, what the service last wrote, and what to run next. */
export function FailurePanel({ failure }: { failure: RolloutFailure }) {
  return (
    <section className="failure" aria-label="Why it failed">
      <p className="failure-title">
        <Icon tone="bad" />
        <span>
          <code>{failure.code}</code>{" "}
          {failure.service && !failure.message.startsWith(failure.service) && <strong>{failure.service}: </strong>}
          {failure.message}
        </span>
      </p>
      {failure.probe !== null && (
        <>
          <h3>Last answer of the check</h3>
          <LogLines label="Last answer of the check" lines={[failure.probe]} />
        </>
      )}
      {failure.logs.length > 0 && (
        <>
          <h3>Last log lines</h3>
          <LogLines label="Last log lines" lines={failure.logs} />
        </>
      )}
      {failure.next && (
        <p>Next: {failure.next.startsWith("stationmaster ") ? <code>{failure.next}</code> : `${failure.next}.`}</p>
      )}
    </section>
  );
}
