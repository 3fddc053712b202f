import type { LogLine } from "../contract/requests.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import type { UnitAddress } from "../store/tables/unit.ts";

/** One service in one environment. */
export interface Target {
  app: string;
  environment: string;
  service: string;
}

/** Every call ends or is cancelled. */
export interface Context {
  signal: AbortSignal;
}

/** An immutable release as platforms see it. */
export interface ReleaseRef {
  name: string;
  services: Record<string, ReleasedService>;
}

/** A unit is one thing we created, on `local` a process. The id is ours and known before the start. */
export interface UnitRef {
  id: string;
  target: Target;
  address: UnitAddress;
}

export interface StartRequest {
  id: string;
  target: Target;
  release: ReleaseRef;
  /** Complete and resolved; may hold secrets. */
  environment: Record<string, string>;
}

export interface ObservedUnit {
  alive: boolean;
  /** Set when the platform knows how it ended. */
  exit: { code: number | null; signal: string | null } | null;
  address: UnitAddress;
}

/** Who gets requests. `port` on loopback; weight 0 to 256 within its side. */
export interface Member {
  id: string;
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
  /** Where a rollout moves the address: to this port, or (null) to none in particular. Left out, the address stays what it is. */
  port?: number | null;
}

export interface MemberFigures {
  inflight: number;
  /** Upgraded connections and event streams among the in-flight. */
  streams: number;
  requests: number;
  errors: number;
  p99: number | null;
}

export interface RouteView extends Omit<WantedRoute, "port"> {
  /** Percent of requests for the candidate in force now: 0 once `until` has passed. */
  share: number;
  /** What its users call. */
  url: string;
  /** Where this route answers: another place than `url` only while the service it replaces still has that address. */
  listensAt: string;
  /** By unit id; also units that left the route with requests still running. */
  figures: Record<string, MemberFigures>;
}

/** Moves traffic when the platform lets us (`cutover: "ours"`). */
export interface Traffic {
  /** Makes the data plane run where that is ours to do. */
  ensure?(): Promise<unknown>;
  /** A look: starts and changes nothing. */
  read(target: Target, context: Context): Promise<RouteView | undefined>;
  /** Applies the route and answers what the data plane then reports. */
  apply(target: Target, wanted: WantedRoute, context: Context): Promise<RouteView>;
  /** The service has no address any more. */
  remove(target: Target, context: Context): Promise<void>;
  /** Ends what is left of a unit's connections; answers how many were cut. */
  cut(target: Target, unit: string, context: Context): Promise<number>;
}

/** What a platform can do. A capability that is missing is `undefined`; plans refuse what a target cannot honour. */
export interface Platform {
  readonly id: string;
  readonly cutover: "ours" | "platform";
  /** Credentials, tools and limits are fine; otherwise a `UserError` or `ExternalError`. */
  connect(context: Context): Promise<void>;
  /** How the unit is now, also when only its id is known (after a crash between act and outcome). */
  observe(unit: UnitRef, context: Context): Promise<ObservedUnit>;
  /** Everything a start needs, invisible to users; idempotent. */
  prepare(release: ReleaseRef, services: readonly string[], context: Context): Promise<void>;
  start(request: StartRequest, context: Context): Promise<UnitAddress>;
  /** Forgets the releases outside `keep`. */
  prune(keep: readonly string[], context: Context): Promise<void>;
  /** SIGTERM, grace, SIGKILL; idempotent. Answers how it ended. */
  stop(unit: UnitRef, graceMs: number, context: Context): Promise<string>;
  traffic?: Traffic;
  /** Whether a service of the project as it is now could be started; otherwise a `UserError` that begins with its name. */
  check?(service: string, released: ReleasedService): Promise<void>;
  /** Whether the files of a release are still there, where releases are copies that can get lost. */
  holds?(release: ReleaseRef): Promise<boolean>;
  /** A fingerprint of a service's files, so that equal releases are recognised. */
  fingerprint?(service: string, context: Context): Promise<string>;
  logs?: {
    tail(unit: UnitRef, lines: number): Promise<LogLine[]>;
    /** The last `lines` lines (Infinity: all there are), then each new one until the signal aborts. */
    follow(
      unit: UnitRef,
      options: { lines: number; onLine: (line: LogLine) => void; signal: AbortSignal },
    ): Promise<void>;
    rotate(unit: UnitRef): Promise<void>;
  };
  metrics?(units: readonly UnitRef[]): Promise<Map<string, { cpuPercent: number; memoryBytes: number }>>;
  /** Databases the platform runs by itself, by the manifest's store name; answers the address for clients. */
  databases?: { ensure(store: string, context: Context): Promise<string>; stopAll(): Promise<void> };
}
