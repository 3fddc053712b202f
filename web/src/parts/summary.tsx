import type { Service } from "../../../src/contract/service.ts";
import type { Status } from "../../../src/contract/status.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { plural } from "../view/format.ts";
import { isActive, words } from "../view/states.ts";
import { Elapsed } from "./elapsed.tsx";

/** `All 3 services healthy`, `1 of 3 services healthy, 1 down, 1 deploying`. */
function countStates(services: readonly Service[]): string {
  const count = (state: Service["state"]) => services.filter((service) => service.state === state).length;
  const total = plural(services.length, "service");
  if (count("healthy") === services.length) return `All ${total} healthy`;
  const others = (["down", "degraded", "deploying", "unknown"] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state}`);
  return `${count("healthy")} of ${[`${total} healthy`, ...others].join(", ")}`;
}

/** One sentence on how things stand. */
export function Summary({ status }: { status: Status }) {
  const running = status.rollouts.find(isActive);
  return (
    <>
      {status.services.length > 0 && `${countStates(status.services)} in ${status.environment}. `}
      {running && (
        <>
          <Link href={to.rollout(running.id)}>
            {running.release} is being rolled out: {words(running.state)}
          </Link>
          .{" "}
        </>
      )}
      {!status.daemon.running && "No daemon runs, so nothing is watched or healed: start it with `stationmaster up`."}
      {status.daemon.startedAt && (
        <span className="muted">
          Watched for <Elapsed from={status.daemon.startedAt} until={null} />.
        </span>
      )}
    </>
  );
}
