import type { Member, MemberFigures } from "../../traffic.ts";
import { backendName, SIDES, type Side } from "./config.ts";
import type { Look } from "./look.ts";
import { parseGrant, parseUnit, unitKey } from "./map.ts";
import type { SeenServer, SeenWorker } from "./parse.ts";
import type { ProxyRoute } from "./route.ts";
import type { Counts } from "./totals.ts";

/** What the proxy does with a route. Times by our clock. */
export interface ProxyView {
  /** Percent in force now: 0 once `until` has passed. */
  share: number;
  until: number | null;
  hold: number | null;
  stable: Member[];
  candidate: Member[];
  /** By unit; also units that left with requests still running. */
  figures: Record<string, MemberFigures>;
  /** Units that fail the proxy's own check now. */
  down: string[];
}

/** All routes as the proxy has them at this time. */
export function viewsOf(
  { workers, current, skew }: Look,
  totals: ReadonlyMap<string, Counts>,
): Record<string, ProxyView> {
  const { seen } = current;
  const names = [...seen.map.keys()].filter((name) => seen.backends.has(backendName(name, "stable")));
  return Object.fromEntries(
    names.map((name): [string, ProxyView] => {
      const grant = parseGrant(seen.map.get(name) ?? "");
      const inForce = grant.until === null || grant.until > seen.now;
      const side = (of: Side) => serversOf(seen, name, of).filter(({ out }) => !out);
      const members = [...side("stable"), ...side("candidate")];
      const leaving = workers.flatMap((worker) =>
        SIDES.flatMap((of) => serversOf(worker.seen, name, of)).filter(({ inflight }) => inflight > 0),
      );
      const figures = [...new Set([...members, ...leaving].map(({ id }) => id))].map((id) => [
        id,
        figuresOf(id, name, workers, totals),
      ]);
      return [
        name,
        {
          share: inForce ? grant.share : 0,
          until: ours(grant.until, skew),
          hold: ours(grant.hold, skew),
          stable: side("stable").map((server) => memberOf(server, name, seen)),
          candidate: side("candidate").map((server) => memberOf(server, name, seen)),
          figures: Object.fromEntries(figures),
          down: [...new Set(members.filter(({ up }) => !up).map(({ id }) => id))],
        },
      ];
    }),
  );
}

/** What a stored route says while no proxy runs; `now` by the host's clock. */
export function storedView(
  { share, until, hold, stable, candidate }: ProxyRoute,
  now: number,
  skew: number,
): ProxyView {
  const inForce = until === null || until > now;
  const times = { until: ours(until, skew), hold: ours(hold, skew) };
  return { share: inForce ? share : 0, ...times, stable, candidate, figures: {}, down: [] };
}

function serversOf(seen: SeenWorker, route: string, side: Side): SeenServer[] {
  const name = backendName(route, side);
  return seen.servers.filter(({ backend }) => backend === name);
}

function memberOf({ id, port, weight }: SeenServer, route: string, seen: SeenWorker): Member {
  const told = parseUnit(seen.map.get(unitKey(route, id)) ?? "0:");
  return { id, port, release: told.release, weight: told.weight, drain: weight === 0 && told.weight > 0 };
}

function figuresOf(id: string, route: string, workers: Look["workers"], totals: ReadonlyMap<string, Counts>) {
  const running = workers.flatMap(({ seen }) =>
    SIDES.flatMap((side) => serversOf(seen, route, side)).filter((server) => server.id === id),
  );
  const { requests, errors } = totals.get(id) ?? { requests: 0, errors: 0 };
  const streams = workers.reduce((sum, { seen }) => sum + (seen.streams.get(id) ?? 0), 0);
  return { inflight: running.reduce((sum, { inflight }) => sum + inflight, 0), streams, requests, errors };
}

function ours(time: number | null, skew: number): number | null {
  return time === null ? null : Math.round(time - skew);
}
