import { backendName, CHECK, SIDES, type Side, weightOf } from "./config.ts";
import { isUnitKey, mapEntries, parseGrant, unitKey } from "./map.ts";
import type { SeenServer, SeenWorker } from "./parse.ts";
import type { ProxyMember, ProxyRoute, ProxyRoutes } from "./route.ts";

export interface RuntimePlan {
  /** In this order, so that no request ever finds a side empty that should answer it. None: the worker is as wanted. */
  commands: string[];
  /** Forgets what is out and has no request any more. */
  tidy: string[];
}

/**
 * The commands that bring a running worker to the wanted routes. New units come first and are usable at once: who adds them
 * has proven them healthy. A share that grows, or a hold, comes before units leave; a share that falls comes after the stable
 * side has its units and before the candidates leave. Backends the worker does not have are left to the reload.
 */
export function planRuntime(seen: SeenWorker, routes: ProxyRoutes, mapFile: string): RuntimePlan {
  const entries = mapEntries(routes);
  const set = (key: string) => setEntry(seen, mapFile, key, entries.get(key) ?? "");
  const isGrant = (key: string) => Object.hasOwn(routes, key);
  const joining = Object.values(routes).flatMap((route) => SIDES.flatMap((side) => joins(seen, route, side)));
  const turning = Object.values(routes).flatMap((route) => {
    const leave = (side: Side) => leaves(seen, route, side);
    const grant = set(route.name);
    return growsOrHolds(seen, route)
      ? [...grant, ...leave("stable"), ...leave("candidate")]
      : [...leave("stable"), ...grant, ...leave("candidate")];
  });
  const gone = [...seen.map.keys()].filter((key) => !entries.has(key));
  const idle = seen.servers.filter(({ out, inflight }) => out && inflight === 0);
  const wanted = new Set(Object.values(routes).flatMap((route) => SIDES.flatMap((side) => pathsOf(route, side))));
  const busy = new Set(
    seen.servers.flatMap(({ backend, id, inflight }) => (inflight > 0 ? unitKeyIn(backend, id) : [])),
  );
  const forget = (keys: string[]) => keys.map((key) => `del map ${mapFile} ${key}`);
  return {
    commands: [
      ...[...entries.keys()].filter((key) => !isGrant(key)).flatMap(set),
      ...joining,
      ...turning,
      ...forget(gone.filter((key) => !isUnitKey(key))),
    ],
    tidy: [
      ...idle.filter((server) => !wanted.has(pathOf(server))).map((server) => `del server ${pathOf(server)}`),
      // Answers that are still to come are to name their release.
      ...forget(gone.filter((key) => isUnitKey(key) && !busy.has(key))),
    ],
  };
}

function growsOrHolds(seen: SeenWorker, { name, share, hold }: ProxyRoute): boolean {
  const { share: granted, until } = parseGrant(seen.map.get(name) ?? "");
  const inForce = until === null || until > seen.now ? granted : 0;
  return share > inForce || hold !== null;
}

function setEntry(seen: SeenWorker, file: string, key: string, value: string): string[] {
  const known = seen.map.get(key);
  if (known === value) return [];
  return [`${known === undefined ? "add" : "set"} map ${file} ${key} ${value}`];
}

function joins(seen: SeenWorker, route: ProxyRoute, side: Side): string[] {
  const backend = backendName(route.name, side);
  if (!seen.backends.has(backend)) return [];
  return route[side].flatMap((member) => {
    const path = `${backend}/${member.id}`;
    const known = seen.servers.find((server) => pathOf(server) === path);
    return known ? changes(path, known, member) : added(path, member);
  });
}

function added(path: string, member: ProxyMember): string[] {
  return [
    `add server ${path} 127.0.0.1:${member.port} weight ${weightOf(member)} ${CHECK}`,
    `enable health ${path}`,
    `set server ${path} state ready`,
    `set server ${path} health up`,
  ];
}

function changes(path: string, known: SeenServer, member: ProxyMember): string[] {
  const weight = weightOf(member);
  const isBack = known.out || (known.weight === 0 && weight > 0);
  return [
    ...(known.port === member.port ? [] : [`set server ${path} addr 127.0.0.1 port ${member.port}`]),
    // Taking part with less is leaving, and has its place with the leavers.
    ...(weight > known.weight ? [`set server ${path} weight ${weight}`] : []),
    ...(known.out ? [`set server ${path} state ready`] : []),
    ...(isBack ? [`set server ${path} health up`] : []),
  ];
}

function leaves(seen: SeenWorker, route: ProxyRoute, side: Side): string[] {
  const backend = backendName(route.name, side);
  return seen.servers
    .filter((server) => server.backend === backend)
    .flatMap((server) => {
      const member = route[side].find(({ id }) => id === server.id);
      if (!member) return server.out ? [] : [`set server ${pathOf(server)} state maint`];
      const weight = weightOf(member);
      return weight < server.weight ? [`set server ${pathOf(server)} weight ${weight}`] : [];
    });
}

function unitKeyIn(backend: string, id: string): string {
  return unitKey(backend.slice(0, backend.lastIndexOf(".")), id);
}

function pathOf({ backend, id }: Pick<SeenServer, "backend" | "id">): string {
  return `${backend}/${id}`;
}

function pathsOf(route: ProxyRoute, side: Side): string[] {
  return route[side].map(({ id }) => pathOf({ backend: backendName(route.name, side), id }));
}
