import { useQueryClient } from "@tanstack/react-query";
import type { QueuedDeploy } from "../../../src/contract/hold.ts";
import { unqueue } from "../api/actions.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { moment } from "../view/format.ts";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";
import { Icon } from "./icon.tsx";
import { Section } from "./section.tsx";

/** The deployment that begins when the environment opens, and the way to take it back. */
export function QueuedSection({ queued: { id, release, actor, opensAt, waitsFor } }: { queued: QueuedDeploy }) {
  const client = useQueryClient();
  return (
    <Section
      title="Queued deployment"
      aside={
        <ConfirmButton label="Take back" className="small">
          {(close) => (
            <Confirm
              title={`Take ${release} back`}
              verb="Take back"
              danger
              run={() => unqueue(id).then(() => client.invalidateQueries({ queryKey: ["status"] }))}
              onClose={close}
            >
              <p>It does not begin by itself any more. Deploying it later makes a new plan.</p>
            </Confirm>
          )}
        </ConfirmButton>
      }
    >
      <div className="note" data-tone="busy">
        <Icon tone="busy" />
        <p>
          <span className="release">{release}</span>, queued by {actor}, begins{" "}
          {waitsFor ? (
            <>
              after <Link href={to.rollout(waitsFor.rollout)}>the rollout of {waitsFor.release}</Link>
            </>
          ) : opensAt === null ? (
            "when the environment opens; nobody knows when that is"
          ) : (
            `at ${moment(opensAt)}`
          )}
        </p>
      </div>
    </Section>
  );
}
