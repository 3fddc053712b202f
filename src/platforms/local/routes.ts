import type { Target } from "../target.ts";
import type { Member, MemberFigures, RouteView, WantedRoute } from "../traffic.ts";
import { shareAt } from "./router/choice.ts";
import type { LiveRoute } from "./router/client.ts";
import type { Route, RouteInput } from "./router/state.ts";

const HOST = "127.0.0.1";

/** The router's name for a service's route. */
export function routeName({ app, environment, service }: Target): string {
  return `${app}:${environment}:${service}`;
}

export function serviceOf(routeName: string): string {
  return routeName.split(":").at(-1) ?? "";
}

/** The route, other than `name`, that has this port now. */
export function holderOf(routes: Record<string, Route>, name: string, port: number): string | undefined {
  return Object.keys(routes).find((other) => other !== name && routes[other]?.listen.port === port);
}

/** A wanted route in the router's words. */
export function toRoute(wanted: WantedRoute, salt: string, port: number): RouteInput {
  const side = (role: "stable" | "candidate") => (member: Member) => ({ ...member, host: HOST, role });
  return {
    listen: { host: HOST, port },
    salt,
    share: wanted.share,
    until: wanted.until,
    hold: wanted.hold === null ? null : { until: wanted.hold },
    ...(wanted.key === undefined ? {} : { key: wanted.key }),
    targets: [...wanted.stable.map(side("stable")), ...wanted.candidate.map(side("candidate"))],
  };
}

/** What a route is; without what only the router can say, as it was saved. `port`: the one its users call, if not its own. */
export function toView(
  route: Route & Partial<Pick<LiveRoute, "figures" | "shareNow">>,
  port = route.listen.port,
): RouteView {
  const side = (role: "stable" | "candidate") =>
    route.targets
      .filter((target) => target.role === role)
      .map(({ id, port, release, weight, drain }): Member => ({ id, port, release, weight, drain }));
  const figures = (route.figures ?? []).map(({ id, inflight, streams, requests, errors }): [string, MemberFigures] => [
    id,
    { inflight, streams, requests, errors },
  ]);
  return {
    url: `http://${route.listen.host}:${port}`,
    listensAt: `http://${route.listen.host}:${route.listen.port}`,
    stable: side("stable"),
    candidate: side("candidate"),
    share: route.shareNow ?? shareAt(route, Date.now()),
    until: route.until,
    hold: route.hold?.until ?? null,
    figures: Object.fromEntries(figures),
  };
}
