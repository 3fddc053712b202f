// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the manifest has its own placeholders
import type { Expect } from "../config/expect.ts";
import type { ServiceConfig } from "../config/schema.ts";
import type { CheckType } from "../contract/check.ts";
import { serviceCheckId } from "./check-id.ts";
import { timeoutFor } from "./timing.ts";
import type { CheckSpec } from "./types.ts";

/** For services that say nothing about their health. */
const IMPLIED_EVERY_MS = 5_000;
const IMPLIED_TIMEOUT_MS = 2_000;
/** Whatever the service says is an answer; 502, 503 and 504 are the router's. */
const ANSWERED: Expect["status"] = ["2xx", "3xx", "4xx", 500, 501];
const STORE_EVERY_MS = 1_000;
/** Each is a command on its host. */
const INFRASTRUCTURE_EVERY_MS = 2_000;
const INFRASTRUCTURE_TIMEOUT_MS = 2_000;
/** Confirmation runs after a first failure, by the kind of a check. */
export const RECHECKS = {
  http: 2,
  tcp: 2,
  tls: 2,
  dns: 2,
  ping: 2,
  browser: 2,
  process: 2,
  postgres: 2,
  redis: 2,
  heartbeat: 0,
  steps: 1,
} as const satisfies Record<CheckType, number>;

export interface SpecSources {
  environment: string;
  /** Address that users of a service call; null for a worker and for what is not deployed yet. */
  routes: Record<string, string | null>;
  /** Replaces `${secret:…}`, `${service:…}` and `${store:…}`; throws UserError for one that is missing. */
  resolve(text: string, where: string): string;
}

/** One of the hosts of a service, and where its route is asked there; the host alone for a worker. */
export interface WatchedHost {
  host: string;
  listensAt?: string;
  hostName?: string;
  through?: boolean;
}

/** What runs under the name of a service; `hosts` where it runs on such. */
export type Watched = Pick<ServiceConfig, "health" | "kind" | "critical"> & { hosts?: readonly WatchedHost[] };

interface WatchedStore {
  kind: "postgres" | "redis";
  /** Why its address cannot be had right now. */
  broken?: string;
}

/** What is watched without a word in the manifest. */
interface Implied {
  services: Record<string, Watched>;
  stores: Readonly<Record<string, WatchedStore>>;
  /** Further parts, which all run on each of these hosts. */
  infrastructure?: { names: readonly string[]; hosts: readonly string[] };
}

/** Per service and host its health (or its open port) and its process, the stores, and the infrastructure per host. */
export function impliedChecks({ services, stores, infrastructure }: Implied, sources: SpecSources): CheckSpec[] {
  const { names = [], hosts = [] } = infrastructure ?? {};
  return [
    ...Object.entries(services).flatMap(([name, service]) => serviceChecks(name, service, sources)),
    ...Object.entries(stores).map(([name, store]) => storeCheck(name, store, sources)),
    ...names.flatMap((name) => hosts.map((host) => infrastructureCheck(name, { host, hosts, sources }))),
  ];
}

/** Asked more often than most services too; its component is its name, as a store's. */
function infrastructureCheck(
  name: string,
  { host, hosts, sources }: { host: string; hosts: readonly string[]; sources: SpecSources },
): CheckSpec {
  const { environment } = sources;
  const base = { every: INFRASTRUCTURE_EVERY_MS, timeout: INFRASTRUCTURE_TIMEOUT_MS, critical: true };
  const at = hosts.length > 1 ? `@${host}` : "";
  return {
    id: `${environment}/infrastructure/${name}${at}`,
    environment,
    service: null,
    component: name,
    type: "process",
    everyMs: base.every,
    timeoutMs: timeoutFor(base.every, base.timeout),
    critical: base.critical,
    recheck: RECHECKS.process,
    options: { ...base, process: name, host, infrastructure: true },
    target: `container ${name} on ${host}`,
    places: hosts.length,
  };
}

/** Asked more often than most services, so that it is known to fail before those that use it are. */
function storeCheck(name: string, { kind, broken }: WatchedStore, { environment, resolve }: SpecSources): CheckSpec {
  const base = { every: STORE_EVERY_MS, timeout: IMPLIED_TIMEOUT_MS, critical: true };
  return {
    id: `${environment}/store/${name}`,
    environment,
    service: null,
    component: name,
    type: kind,
    everyMs: base.every,
    timeoutMs: timeoutFor(base.every, base.timeout),
    critical: base.critical,
    recheck: RECHECKS[kind],
    options: { ...base, [kind]: broken === undefined ? resolve(`\${store:${name}}`, `stores.${name}`) : "" },
    target: kind === "redis" ? `PING ${name}` : `select 1 in ${name}`,
    ...(broken === undefined ? {} : { broken }),
  };
}

/** They share the component, so that a dead process and its silent port are one incident. */
function serviceChecks(name: string, watched: Watched, sources: SpecSources): CheckSpec[] {
  const { hosts = [] } = watched;
  if (hosts.length === 0) return checksAt(name, watched, { ...sources, place: { listensAt: sources.routes[name] } });
  const checks = hosts.map((place) => checksAt(name, watched, { ...sources, place }));
  if (hosts.length === 1) return checks.flat();
  return checks.flatMap((list, index) =>
    list.map((check) => {
      const { host = "" } = hosts[index] ?? {};
      return { ...check, id: `${check.id}@${host}`, target: `${check.target} on ${host}`, places: hosts.length };
    }),
  );
}

function checksAt(
  name: string,
  { health, kind, critical }: Watched,
  { environment, place }: Pick<SpecSources, "environment"> & { place: Place },
): CheckSpec[] {
  const every = health?.every ?? IMPLIED_EVERY_MS;
  const base = { every, timeout: health?.timeout ?? IMPLIED_TIMEOUT_MS, critical };
  const shared = {
    environment,
    service: name,
    component: "service",
    everyMs: every,
    timeoutMs: timeoutFor(every, base.timeout),
    critical,
    recheck: RECHECKS.http,
  };
  const id = serviceCheckId(environment, name);
  const route = place.listensAt?.replace(/\/$/, "");
  const process: CheckSpec = {
    ...shared,
    id: `${id}/process`,
    type: "process",
    options: { ...base, process: name, ...(place.host === undefined ? {} : { host: place.host }) },
    target: `process ${name}`,
  };
  if (kind === "worker" || !route) return [process];
  if (!health) {
    // The router always accepts connections; that it reaches nobody shows in its answer only.
    const options = { ...base, ...way(place), url: `${route}/`, expect: { status: ANSWERED } };
    const target = `any answer from ${shown(route, place)}`;
    return [{ ...shared, id: `${id}/port`, type: "http", options, target }, process];
  }
  const url = `${route}${health.path}`;
  return [
    {
      ...shared,
      id: `${id}/health`,
      type: "http",
      options: { ...base, ...way(place), url, expect: health.expect },
      target: `GET ${shown(url, place)}`,
    },
    process,
  ];
}

type Place = Omit<WatchedHost, "host" | "listensAt"> & { host?: string; listensAt?: string | null | undefined };

/** What the request needs besides its address: the host name that is meant, and the way to the host. */
function way({ host, hostName, through }: Place): Pick<CheckSpec["options"], "headers" | "through"> {
  return {
    ...(hostName === undefined ? {} : { headers: { host: hostName } }),
    ...(through && host !== undefined ? { through: host } : {}),
  };
}

function shown(url: string, { hostName }: Place): string {
  return hostName === undefined ? url : `${url} (${hostName})`;
}
