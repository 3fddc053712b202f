import type { Status } from "../../../src/contract/status.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { plural } from "../view/format.ts";
import { isActive, words } from "../view/states.ts";
import { Elapsed } from "./elapsed.tsx";

/** One sentence on how things stand. */
export function Summary({ status }: { status: Status }) {
  const healthy = status.services.filter((service) => service.state === "healthy").length;
  const deploying = status.services.filter((service) => service.state === "deploying").length;
  const total = status.services.length;
  const running = status.rollouts.find(isActive);
  return (
    <>
      {total > 0 &&
        (healthy === total
          ? `All ${plural(total, "service")} healthy`
          : `${healthy} of ${plural(total, "service")} healthy${deploying > 0 ? `, ${deploying} deploying` : ""}`)}
      {total > 0 && ` in ${status.environment}. `}
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
