import type { TrafficView } from "../contract/rollout.ts";
import type { HostRoute, MemberFigures, RouteView } from "../platforms/traffic.ts";

/** A route as doors show it; `isSpread` says whether the environment has several hosts, of which some may not answer. */
export function toTrafficView(
  service: string,
  view: RouteView,
  { isSpread }: { isSpread: boolean },
): Omit<TrafficView, "analysis"> {
  const side = (members: RouteView["stable"]) => {
    const figures = members.flatMap(({ id }) => view.figures[id] ?? []);
    const sum = (key: keyof Pick<MemberFigures, "requests" | "errors" | "inflight">) =>
      figures.reduce((total, item) => total + item[key], 0);
    return { requests: sum("requests"), errors: sum("errors"), inflight: sum("inflight") };
  };
  return {
    service,
    stableRelease: view.stable[0]?.release ?? null,
    candidateRelease: view.candidate[0]?.release ?? null,
    candidateShare: shareOf(view),
    stable: side(view.stable),
    candidate: side(view.candidate),
    ...(isSpread && view.hosts ? { hosts: view.hosts.map(toHost) } : {}),
  };
}

/** Where nothing else is there, the candidate has all requests. */
function shareOf({ stable, candidate, share }: { stable: unknown[]; candidate: unknown[]; share: number }): number {
  return stable.length === 0 && candidate.length > 0 ? 100 : share;
}

function toHost(route: HostRoute) {
  const { host, stable, candidate } = route;
  return { host, share: shareOf(route), stable: stable.length, candidate: candidate.length };
}
