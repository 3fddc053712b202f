import type { ReleasedService } from "../../store/tables/release.ts";
import type { Target } from "../target.ts";
import type { Member, RouteView, WantedRoute } from "../traffic.ts";
import type { Addresses } from "./addresses.ts";
import type { ProxyRoute } from "./haproxy/route.ts";
import type { ProxyView } from "./haproxy/view.ts";
import { recordedOf } from "./recorded.ts";

/** A route's name at the proxies, which services of many applications share. */
export function routeName({ app, environment, service }: Target): string {
  return `${app}:${environment}:${service}`;
}

/** Address and health of a route, which change with releases only. */
export type Frame = Pick<ProxyRoute, "listen" | "internal" | "trusted" | "health">;

/** The frame of a service of a release on a host, whose containers reach the proxy under `gateway` at the port the service has. */
export function frameOf(
  service: string,
  released: ReleasedService,
  { gateway, port }: { gateway: string; port: number | null },
): Frame {
  const { listen, trusted } = recordedOf(released);
  const path = (released.health as { path?: string } | null)?.path;
  return {
    listen,
    trusted,
    health: path === undefined ? null : { path: path.split(/[?#]/)[0] || "/" },
    ...(port === null ? {} : { internal: { address: gateway, port, hosts: [service] } }),
  };
}

/** One host's part of a wanted route. */
export function partOf(
  name: string,
  { stable, candidate, share, until, hold, key = "client" }: WantedRoute,
  host: string,
): Omit<ProxyRoute, keyof Frame> {
  const here = (members: readonly Member[]) => members.filter((member) => member.host === host).map(withoutHost);
  // All units of a rollout differ from those of the one before, and clients move to other buckets with them.
  const salt = candidate.map(({ release }) => release)[0] ?? "";
  // Users of a host that goes on with units of its own need not wait for another one.
  const goesOn = stable.some((member) => member.host === host && !member.drain);
  return {
    name,
    salt,
    key,
    stable: here(stable),
    candidate: here(candidate),
    share,
    until,
    hold: goesOn ? null : hold,
  };
}

function withoutHost({ host: _, ...member }: Member) {
  return member;
}

/** What one host says. */
export interface Seen extends Addresses {
  host: string;
  /** What peers call, of a service that nobody else does. */
  inside?: string | undefined;
  view: ProxyView;
}

/** All hosts as one route. A grant that has ended on one of them has ended: nobody can say any more what share users have. */
export function mergeViews(seen: readonly Seen[]): RouteView | undefined {
  const [first] = seen;
  if (!first) return undefined;
  const views = seen.map(({ view }) => view);
  const members = (side: "stable" | "candidate") =>
    seen.flatMap(({ host, view }) => view[side].map((member) => ({ ...member, host })));
  const lapsed = views.some(({ until, share }) => until !== null && share === 0);
  return {
    stable: members("stable"),
    candidate: members("candidate"),
    share: lapsed ? 0 : Math.max(...views.map(({ share }) => share)),
    until: least(views.map(({ until }) => until)),
    hold: least(views.map(({ hold }) => hold)),
    url: first.url,
    ...(first.inside === undefined ? {} : { inside: first.inside }),
    listensAt: first.listensAt,
    figures: Object.fromEntries(views.flatMap(({ figures }) => Object.entries(figures))),
    hosts: seen.map(({ host, view, listensAt, hostName }) => ({
      host,
      listensAt,
      ...(hostName === undefined ? {} : { hostName }),
      share: view.share,
      stable: view.stable.map(({ id }) => id),
      candidate: view.candidate.map(({ id }) => id),
    })),
  };
}

function least(times: readonly (number | null)[]): number | null {
  const set = times.filter((time) => time !== null);
  return set.length > 0 ? Math.min(...set) : null;
}
