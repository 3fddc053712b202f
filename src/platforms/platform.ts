import type { EnvironmentConfig } from "../config/environments.ts";
import type { ServiceConfig } from "../config/schema.ts";
import type { LogLine } from "../contract/requests.ts";
import type { DoctorReport } from "../contract/status.ts";
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
  /** Of the lease the work is done under; a target with a lease of its own refuses every other. Left out for looks. */
  generation?: number;
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
  /** The host it shall run on, one of `Platform.hosts`. */
  host?: string;
  /** Stamped on what is made. */
  labels: { rollout: string; generation: number; role: "stable" | "candidate" };
}

export interface ObservedUnit {
  alive: boolean;
  /** Set when the platform knows how it ended. */
  exit: { code: number | null; signal: string | null } | null;
  address: UnitAddress;
  /** How often the target started it again by itself, where it does so. */
  restarts?: number;
}

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
  p99: number | null;
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

export interface RouteView extends Omit<WantedRoute, "port" | "released"> {
  /** Percent of requests for the candidate in force now: 0 once `until` has passed. */
  share: number;
  /** What its users call. */
  url: string;
  /** Where this route answers: another place than `url` only while the service it replaces still has that address. */
  listensAt: string;
  /** By unit id; also units that left the route with requests still running. */
  figures: Record<string, MemberFigures>;
  /** Where there is more than one place: what each of them says. */
  hosts?: HostRoute[];
}

/** The target's own lease, held on every host: two controllers that do not share a store exclude each other by it. */
export interface Gate {
  /** Aborts when no host holds it for us any more. */
  signal: AbortSignal;
  release(): Promise<void>;
}

/** What planning needs to know of a service as the project has it now. */
export interface Description {
  /** A fingerprint of its files or image, so that equal releases are recognised. */
  fingerprint: string;
  recorded?: Record<string, unknown> | null;
  exclusive?: string | null;
  /** Variables the project gives it elsewhere than in the manifest, secrets as references; those of the manifest win. */
  env?: Record<string, string>;
  /** Hints for who reads the plan. */
  notes?: string[];
}

/** A fact the plan shows before anything is touched; `ok: false` refuses it. */
export interface PreflightFact {
  item: string;
  ok: boolean;
  evidence: string;
  /** What to do about it. */
  next?: string;
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
  /** Applies the route and answers what the data plane then reports. */
  apply(target: Target, wanted: WantedRoute, context: Context): Promise<RouteView>;
  /** The service has no address any more. */
  remove(target: Target, context: Context): Promise<void>;
  /** Ends what is left of a unit's connections; answers how many were cut. */
  cut(target: Target, unit: string, context: Context): Promise<number>;
  /** One line a request since the last call, for the judge of a canary; undefined where the data plane does not log them. */
  samples?(target: Target, context: Context): Promise<RequestSample[]>;
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
  prepare(release: ReleaseRef, services: readonly string[], context: Context): Promise<Record<string, unknown>>;
  start(request: StartRequest, context: Context): Promise<UnitAddress>;
  /** Forgets what belongs to none of the releases `keep`. */
  prune(keep: readonly ReleaseRef[], context: Context): Promise<void>;
  /** SIGTERM, grace, SIGKILL; idempotent. Answers how it ended. */
  stop(unit: UnitRef, graceMs: number, context: Context): Promise<string>;
  traffic?: Traffic;
  /** Whether a service of the project as it is now could be started; otherwise a `UserError` that begins with its name. */
  check?(service: string, released: ReleasedService): Promise<void>;
  /** Whether the files of a release are still there, where releases are copies that can get lost. */
  holds?(release: ReleaseRef): Promise<boolean>;
  /** What a service is as the project has it now; left out: nothing but what the manifest says. */
  describe?(service: string, context: Context): Promise<Description>;
  /** Where units run; each gets `replicas` of a service. Left out: one place without a name. */
  hosts?(): readonly string[];
  /** A port on this machine's loopback that leads to the unit's port. Left out: the unit's own. */
  reach?(unit: UnitRef, context: Context): Promise<number>;
  /** Takes the target's own lease. The generation must be above all that were seen there: `atLeast` answers that. */
  fence?: {
    atLeast(target: Omit<Target, "service">, context: Context): Promise<number>;
    hold(target: Omit<Target, "service">, generation: number, context: Context): Promise<Gate>;
  };
  /** Runs one command to its end in a container (or process) of the release, such as a migration; never under traffic. The output is whole and as it was written. */
  once?(
    request: StartRequest & { argv: readonly string[] },
    context: Context,
  ): Promise<{ code: number | null; output: string }>;
  /** Facts about the target for the plan: disk, memory, clock, ports, tools. */
  facts?(release: ReleaseRef, services: readonly string[], context: Context): Promise<PreflightFact[]>;
  /** Our units there, also those the store does not know; for clean-up. Labels as given at the start. */
  inventory?(
    target: Omit<Target, "service">,
    context: Context,
  ): Promise<{ id: string; host: string; labels: Record<string, string> }[]>;
  /** What an environment has there besides its units, such as networks, volumes and databases. Touches nothing that was not made for it. */
  remains?: {
    /** Stops what runs; it goes on with its data when the environment is prepared again. */
    stop(target: Omit<Target, "service">, context: Context): Promise<void>;
    /** Leaves nothing; idempotent. */
    remove(target: Omit<Target, "service">, context: Context): Promise<void>;
  };
  /** Findings of `doctor` about what the platform needs. */
  examine?(context: Context): Promise<DoctorReport["checks"]>;
  /** What belongs to this machine and ends with `down`, after the units. Left out: units run elsewhere and go on without us. */
  ends?: { what: string; end(): Promise<void> }[];
  /** Lets go of connections; units go on. */
  close?(): Promise<void>;
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

/** A platform that moves traffic itself, as all here do. */
export type MovingPlatform = Platform & { traffic: Traffic };

/** What a platform is made from: one environment of one manifest. */
export interface PlatformOptions {
  app: string;
  environment: string;
  stateDir: string;
  /** Where a router of ours listens for orders. */
  socket: string;
  /** The project as its manifest described it when it was last read. */
  project(): Project;
}

export interface Project {
  root: string;
  manifestFile: string;
  repository?: string;
  services: Record<string, ServiceConfig>;
  settings: EnvironmentConfig;
  /** What `NAME` stands for in other files of the project: the environment's value, or that of `.env`. May be a secret. */
  variable(name: string): string | undefined;
}
