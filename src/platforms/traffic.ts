import type { ReleasedService } from "../store/tables/release.ts";
import type { Context, Target } from "./target.ts";

/** Who gets requests. `port` on loopback of its host; weight 0 to 256 within its side. */
export interface Member {
  id: string;
  host?: string;
  port: number;
  release: string;
  weight: number;
  drain: boolean;
}

/** The whole wanted route of a service; the platform makes it so in one step. */
export interface WantedRoute {
  stable: Member[];
  candidate: Member[];
  /** Percent of requests for the candidate. */
  share: number;
  /** Epoch ms at which the share ends by itself; null = no end. */
  until: number | null;
  /** Epoch ms until which requests wait; null = no hold. */
  hold: number | null;
  /** What a client's side is computed from, see `ClientKey`. Left out: the platform's own. */
  key?: string;
  /** Where a rollout moves the address: to this port, or (null) to none in particular. Left out, the address stays what it is. */
  port?: number | null;
  /** The service as the release it leads to has it: address, health path. Left out, they stay what they are. */
  released?: ReleasedService;
}

export interface MemberFigures {
  inflight: number;
  /** Upgraded connections and event streams among the in-flight. */
  streams: number;
  requests: number;
  errors: number;
}

/** One host's part of a route. `share` is the one in force there now. */
export interface HostRoute {
  host: string;
  /** Where the route answers on this host, and the host name it answers to when it is not the one in there. */
  listensAt: string;
  hostName?: string;
  share: number;
  stable: string[];
  candidate: string[];
}

/** Requests that ended since the last look, as the data plane logged them. `ms` is the time of the whole answer. */
export interface RequestSample {
  unit: string;
  status: number;
  ms: number;
}

/** Where a route answers on one host, known without asking the host. */
export interface RoutePlace {
  host: string;
  /** From this machine; with `through` as that host itself calls it, on its loopback. */
  listensAt: string;
  /** The host name it answers to when it is not the one in there. */
  hostName?: string;
  through?: true;
}

/** Where a service is called, for people and for checks. */
export interface RoutePlaces {
  /** What users call, or, of an internal service, its peers: `http://api:8080`. The same for every process that asks. */
  url: string;
  /** Nobody but services of its environment calls it. */
  internal: boolean;
  hosts: RoutePlace[];
}

export interface RouteView extends Omit<WantedRoute, "port" | "released"> {
  /** Percent of requests for the candidate in force now: 0 once `until` has passed. */
  share: number;
  /** What its users call. */
  url: string;
  /** What its peers call, where nobody else does: `url` is then a way of ours that ends with this process. */
  inside?: string;
  /** Where this route answers: another place than `url` only while the service it replaces still has that address. */
  listensAt: string;
  /** By unit id; also units that left the route with requests still running. */
  figures: Record<string, MemberFigures>;
  /** Where there is more than one place: what each of them says. */
  hosts?: HostRoute[];
}

/** Moves traffic when the platform lets us (`cutover: "ours"`). */
export interface Traffic {
  /**
   * Makes the data plane run where that is ours to do. Where it has several places, it does so on those that answer, and
   * `report` hears of the others, once until it changes.
   */
  ensure?(report?: (error: unknown) => void): Promise<unknown>;
  /** A look: starts and changes nothing. */
  read(target: Target, context: Context): Promise<RouteView | undefined>;
  /** The same of the hosts that answer, for people and checks. Left out: one place, so `read` will do. */
  glance?(target: Target, context: Context): Promise<RouteView | undefined>;
  /** Where the service as it was released is called on each host; asks none of them. Left out: `read` says all there is. */
  places?(target: Target, released: ReleasedService): Promise<RoutePlaces | undefined>;
  /** Applies the route and answers what the data plane then reports. */
  apply(target: Target, wanted: WantedRoute, context: Context): Promise<RouteView>;
  /** The service has no address any more. */
  remove(target: Target, context: Context): Promise<void>;
  /** Ends what is left of a unit's connections; answers how many were cut. */
  cut(target: Target, unit: string, context: Context): Promise<number>;
  /**
   * One line a request since the last call, those it still knows with the first one, for the judge of a canary; undefined where the
   * data plane does not log them.
   */
  samples?(target: Target, context: Context): Promise<RequestSample[]>;
}
